import { parseArgs } from 'node:util';

export interface DemoArguments {
  /** Run to the end and exit, 0 only if every job met its expected fate. */
  readonly once: boolean;
  /** A job of the user's own. */
  readonly own: OwnJob | undefined;
  /** Only say what may be typed. */
  readonly help: boolean;
}

export interface OwnJob {
  readonly name: string;
  readonly args: object | null;
}

export const USAGE = `Usage: npm run demo [-- [--once] [--job NAME --args JSON]]

  --once        run to the end and exit; 0 only if every job met its expected fate
  --job NAME    enqueue this job too: send_welcome, import_contacts, deliver_webhook, reindex
  --args JSON   its arguments, for example '{"to":"you@example.com","name":"You"}'
  --help        show this`;

/** What was typed cannot be understood; the message says why. */
export class UsageError extends Error {}

/** @throws UsageError */
export function readDemoArguments(argv: readonly string[]): DemoArguments {
  const { once, job, args, help } = parsed(argv);
  if (args !== undefined && job === undefined) throw new UsageError('--args needs --job NAME.');
  return { help, once, own: job === undefined ? undefined : { name: job, args: readJson(args) } };
}

function parsed(argv: readonly string[]) {
  const options = {
    once: { type: 'boolean', default: false },
    job: { type: 'string' },
    args: { type: 'string' },
    help: { type: 'boolean', short: 'h', default: false },
  } as const;
  try {
    return parseArgs({ args: [...argv], options }).values;
  } catch (error) {
    throw new UsageError((error as Error).message, { cause: error });
  }
}

function readJson(text: string | undefined): object | null {
  if (text === undefined) return null;
  const value = parseJson(text);
  if (typeof value !== 'object' || Array.isArray(value))
    throw new UsageError(`--args must be a JSON object, not ${text}`);
  return value;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UsageError(`--args is no JSON: ${(error as Error).message}. Put it between single quotes.`, {
      cause: error,
    });
  }
}

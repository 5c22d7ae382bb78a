import { parseArgs } from 'node:util';

export interface DemoArguments {
  /** Run to the end and exit, 0 only if every job met its expected fate. */
  readonly once: boolean;
  /** A job of the user's own. */
  readonly extra: { readonly name: string; readonly args: object | null } | undefined;
}

export const USAGE = `Usage: npm run demo [-- [--once] [--job NAME --args JSON]]

  --once        run to the end and exit; 0 only if every job met its expected fate
  --job NAME    enqueue this job too: send_welcome, import_contacts, deliver_webhook, reindex
  --args JSON   its arguments, for example '{"to":"you@example.com","name":"You"}'`;

/** @throws Error with a message for the person at the terminal. */
export function readDemoArguments(argv: readonly string[]): DemoArguments {
  const { values } = parseArgs({
    args: [...argv],
    options: { once: { type: 'boolean', default: false }, job: { type: 'string' }, args: { type: 'string' } },
  });
  if (values.args !== undefined && values.job === undefined) throw new Error('--args needs --job NAME.');
  const extra = values.job === undefined ? undefined : { name: values.job, args: readJson(values.args) };
  return { once: values.once, extra };
}

function readJson(text: string | undefined): object | null {
  if (text === undefined) return null;
  const value = parseJson(text);
  if (typeof value !== 'object' || Array.isArray(value)) throw new Error(`--args must be a JSON object, not ${text}`);
  return value;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`--args is no JSON: ${(error as Error).message}. Put it between single quotes.`);
  }
}

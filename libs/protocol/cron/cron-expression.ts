import { CRON_FIELDS, readCronField } from './cron-field.js';
import { goDurationSeconds } from './cron-duration.js';

/** What a periodic expression says: every so many seconds since the epoch, or six fields that are safe to expand. */
export interface CronReading {
  /** As named by a `TZ=` or `CRON_TZ=` prefix. */
  readonly timezone: string | undefined;
  readonly timing: { readonly everySeconds: number } | { readonly fields: string };
}

const MAX_CHARACTERS = 128;
const FIVE_YEARS_SECONDS = 5 * 366 * 86_400;

/** Go's, and after them those that only cron-parser knows. */
const DESCRIPTORS: ReadonlyMap<string, string> = new Map([
  ['@yearly', '0 0 0 1 1 *'],
  ['@annually', '0 0 0 1 1 *'],
  ['@monthly', '0 0 0 1 * *'],
  ['@weekly', '0 0 0 * * 0'],
  ['@daily', '0 0 0 * * *'],
  ['@midnight', '0 0 0 * * *'],
  ['@hourly', '0 0 * * * *'],
  ['@minutely', '0 * * * * *'],
  ['@secondly', '* * * * * *'],
  ['@weekdays', '0 0 0 * * 1-5'],
  ['@weekends', '0 0 0 * * 0,6'],
]);

/**
 * Reads a periodic expression in time bounded by its 128 characters.
 *
 * @throws Error whose message is the reason.
 */
export function readCronExpression(expression: unknown): CronReading {
  if (typeof expression !== 'string') throw new Error(`it is of type ${typeof expression}, and must be text`);
  if (expression.length > MAX_CHARACTERS)
    throw new Error(`it has ${expression.length} characters, and at most ${MAX_CHARACTERS} are allowed`);
  if (!/^[\t\x20-\x7eµμ]*$/.test(expression)) throw new Error('it holds a character that no expression has');
  const [, timezone, rest = ''] = /^(?:(?:CRON_)?TZ=(\S*)\s)?(.*)$/.exec(expression) ?? [];
  return { timezone, timing: readTiming(rest.trim()) };
}

function readTiming(text: string): CronReading['timing'] {
  if (text.startsWith('@every ')) return { everySeconds: readEvery(text.slice('@every '.length)) };
  if (text.startsWith('@')) return { fields: readDescriptor(text) };
  return { fields: readFields(text) };
}

function readEvery(duration: string): number {
  const seconds = goDurationSeconds(duration);
  if (seconds === undefined) throw new Error(`"${duration}" is no duration such as "90s", "5m" or "1h30m"`);
  if (seconds < 1) throw new Error(`"${duration}" is shorter than 1 second`);
  if (seconds > FIVE_YEARS_SECONDS) throw new Error(`"${duration}" is longer than 5 years`);
  return seconds;
}

function readDescriptor(text: string): string {
  const fields = DESCRIPTORS.get(text);
  if (fields === undefined)
    throw new Error(`"${text}" is none of ${[...DESCRIPTORS.keys()].join(', ')} and "@every <duration>"`);
  return fields;
}

function readFields(text: string): string {
  const fields = text.split(/\s+/);
  if (text === '' || fields.length < 5 || fields.length > 6)
    throw new Error(`it has ${text === '' ? 0 : fields.length} fields, not 5 or 6`);
  const six = fields.length === 5 ? ['0', ...fields] : fields;
  return CRON_FIELDS.map((field, index) => readCronField(six[index] ?? '', field)).join(' ');
}

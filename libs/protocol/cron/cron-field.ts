/** What one field of a cron expression may hold. */
export interface CronField {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  /** Three letters, lower case, in the order of their numbers from `min` on. */
  readonly names?: readonly string[];
  /** A form of this field alone: `L` (last day of the month), `5L` (last Friday), `5#3` (third Friday). */
  readonly special?: RegExp;
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

/** In the order in which they are written, seconds first. */
export const CRON_FIELDS: readonly CronField[] = [
  { name: 'second', min: 0, max: 59 },
  { name: 'minute', min: 0, max: 59 },
  { name: 'hour', min: 0, max: 23 },
  { name: 'day of month', min: 1, max: 31, special: /^L$/ },
  { name: 'month', min: 1, max: 12, names: MONTHS },
  { name: 'day of week', min: 0, max: 7, names: WEEKDAYS, special: /^([A-Za-z]{3}|[0-7])(L|#[1-5])$/ },
];

/** An open end, `5/2`, and a star end at Saturday, as in Go; 7, which Go does not know, is Sunday written otherwise. */
const SATURDAY = 6;

/**
 * Checks every bound and step of a field before anything is expanded, then writes the field so that cron-parser means by
 * it what robfig/cron means: no value twice (`1-5,3`), an open end that stops at Saturday (`1/2`), and a star anywhere in
 * the list, also one with step 1, as the bare star that joins day of month and day of week by "and" instead of "or".
 *
 * @throws Error whose message is the reason.
 */
export function readCronField(text: string, field: CronField): string {
  const items = text.split(',').map((item) => readItem(item, field));
  return items.includes('*') ? '*' : [...new Set(items.flat())].join(',');
}

function readItem(item: string, field: CronField): string | readonly number[] {
  if (field.special?.test(item)) return resolveName(item, field);
  if (item.startsWith('H')) return readHashed(item, field);
  const [, star, first, last, stepText] =
    /^(?:([*?])|(\w{1,4})(?:-(\w{1,4}))?)(?:\/(\d{1,4}))?$/.exec(item) ?? refuse(item, field);
  const step = readStep(stepText, field);
  if (star && step === 1) return '*';
  const from = star ? field.min : readNumber(first, field);
  return expand(from, last ? readNumber(last, field) : endOf(from, star ?? stepText, field), step, item, field);
}

/** A value chosen by the job's name: `H`, `H/15`, `H(0-29)`, `H(0-29)/10`. Known to cron-parser only. */
function readHashed(item: string, field: CronField): string {
  const [, first, last, stepText] = /^H(?:\((\d{1,4})-(\d{1,4})\))?(?:\/(\d{1,4}))?$/.exec(item) ?? refuse(item, field);
  readStep(stepText, field);
  if (first) expand(readNumber(first, field), readNumber(last, field), 1, item, field);
  return item;
}

function endOf(from: number, open: string | undefined, field: CronField): number {
  if (open === undefined) return from;
  return field.names === WEEKDAYS ? Math.max(from, SATURDAY) : field.max;
}

function readNumber(text: string | undefined, field: CronField): number {
  const named = field.names?.indexOf(String(text).toLowerCase()) ?? -1;
  const value = named >= 0 ? named + field.min : /^\d+$/.test(String(text)) ? Number(text) : NaN;
  if (!(value >= field.min && value <= field.max)) refuse(String(text), field);
  return value;
}

function readStep(text: string | undefined, field: CronField): number {
  if (text === undefined) return 1;
  const values = field.max - field.min + 1;
  const step = Number(text);
  if (step < 1 || step > values) throw new Error(`the step /${step} of field "${field.name}" must be 1 to ${values}`);
  return step;
}

function expand(from: number, to: number, step: number, item: string, field: CronField): readonly number[] {
  if (from > to) throw new Error(`"${item}" in field "${field.name}" begins after its end`);
  const values = Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => from + index * step);
  return field.names === WEEKDAYS ? values.map((day) => day % 7) : values;
}

function resolveName(item: string, field: CronField): string {
  return item.replace(/^[a-z]{3}/i, (name) => String(readNumber(name, field)));
}

function refuse(item: string, field: CronField): never {
  const names = field.names ? `, or ${field.names[0]} to ${field.names.at(-1)}` : '';
  throw new Error(
    `"${item}" in field "${field.name}" is not understood; its numbers are ${field.min} to ${field.max}${names}`,
  );
}

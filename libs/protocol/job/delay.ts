import { InvalidDelayError } from './invalid-delay-error.js';

const SECONDS_OF_UNIT = { ms: 0.001, s: 1, m: 60, h: 3_600, d: 86_400, w: 604_800 } as const;

/** A hundred years. Far above it a sorted set's score is no longer written as the integer that Go reads. */
const MAX_DELAY_SECONDS = 100 * 366 * 86_400;

type Amount = `${number}${keyof typeof SECONDS_OF_UNIT}`;

/**
 * How long from now: a number of seconds, or a number with its unit: `'500ms'`, `'30s'`, `'5m'`, `'2h'`, `'1d'` (24 hours),
 * `'1w'`; or several of these, which are added: `'1h30m'`. Zero and below is due at once.
 */
export type Delay = number | Amount | `${Amount}${Amount}` | `${Amount}${Amount}${Amount}`;

/**
 * The delay in seconds, which may have a fraction or be negative.
 *
 * @throws InvalidDelayError
 */
export function delaySeconds(delay: Delay): number {
  const seconds = typeof delay === 'number' ? delay : parse(delay);
  if (!(Math.abs(seconds) <= MAX_DELAY_SECONDS)) throw new InvalidDelayError(delay);
  return seconds;
}

const PART = /(\d{1,16}(?:\.\d{1,9})?)(ms|[smhdw])/g;
/** A sign, and 1 to 6 parts. */
const WHOLE = /^(-?)((?:\d{1,16}(?:\.\d{1,9})?(?:ms|[smhdw])){1,6})$/;

function parse(delay: unknown): number {
  const [, sign, parts = ''] = typeof delay === 'string' ? (WHOLE.exec(delay) ?? []) : [];
  if (!parts) return Number.NaN;
  const seconds = [...parts.matchAll(PART)].map(([, amount, unit]) => partSeconds(Number(amount), unit));
  return seconds.reduce((sum, each) => sum + each, 0) * (sign ? -1 : 1);
}

function partSeconds(amount: number, unit: unknown): number {
  return unit === 'ms' ? amount / 1000 : amount * SECONDS_OF_UNIT[unit as keyof typeof SECONDS_OF_UNIT];
}

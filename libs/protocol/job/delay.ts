import { InvalidDelayError } from './invalid-delay-error.js';

const SECONDS_OF_UNIT = { ms: 0.001, s: 1, m: 60, h: 3_600, d: 86_400, w: 604_800 } as const;

/** A hundred years. Far above it a sorted set's score is no longer written as the integer that Go reads. */
const MAX_DELAY_SECONDS = 100 * 366 * 86_400;

/**
 * How long from now: a number of seconds, or a number with its unit: `'500ms'`, `'30s'`, `'5m'`, `'2h'`, `'1d'` (24 hours),
 * `'1w'`. Zero and below is due at once.
 */
export type Delay = number | `${number}${keyof typeof SECONDS_OF_UNIT}`;

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

function parse(delay: unknown): number {
  const [, amount, unit] =
    typeof delay === 'string' ? (/^(-?\d{1,16}(?:\.\d{1,9})?)(ms|[smhdw])$/.exec(delay) ?? []) : [];
  return unit === 'ms' ? Number(amount) / 1000 : Number(amount) * SECONDS_OF_UNIT[unit as keyof typeof SECONDS_OF_UNIT];
}

import type { JobDocument } from './job-document.js';

/**
 * Seconds from a failed attempt to the next one. `fails` counts the attempt that just failed, `err` is its error's text.
 *
 * A fraction is rounded up. What throws, or gives no number, counts as not given.
 */
export type Backoff = (job: JobDocument) => number;

/** Ten years. Far above it a sorted set's score is no longer written as the integer that Go reads. */
export const MAX_BACKOFF_SECONDS = 10 * 366 * 86_400;
const CHANCES = 30;

/**
 * gocraft/work's own, after Sidekiq's: `fails⁴ + 15 + r·(fails + 1)` seconds, r 0 to 29 by chance. After the first failure
 * 16 to 74 seconds, after the second 31 to 118, after the third 96 to 212. At most ten years.
 *
 * @param random gives 0 up to, but not including, 1
 */
export function defaultBackoff(fails: number, random: () => number): number {
  const chance = Math.floor(random() * CHANCES);
  return Math.min(fails ** 4 + 15 + chance * (fails + 1), MAX_BACKOFF_SECONDS);
}

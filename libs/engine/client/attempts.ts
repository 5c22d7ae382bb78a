import type { FailedAttempt } from '../run/index.js';

/** A line that is no attempt is left out: another program wrote it. */
export function parseAttempts(lines: readonly string[]): FailedAttempt[] {
  return lines.flatMap((line) => {
    try {
      const attempt = JSON.parse(line) as FailedAttempt | null;
      return typeof attempt?.error?.message === 'string' ? [attempt] : [];
    } catch {
      return [];
    }
  });
}

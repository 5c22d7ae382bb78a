import { WorkError } from '../errors.js';
import { quoted } from '../quoted.js';

/** What was given as a delay is none. */
export class InvalidDelayError extends WorkError {
  readonly code = 'WORK_INVALID_DELAY';

  constructor(readonly delay: unknown) {
    super(
      `${describe(delay)} is no delay. Give seconds as a number, or numbers and their units (ms, s, m, h, d, w), for ` +
        'example 30, "500ms", "5m" or "1h30m"; at most 100 years.',
    );
  }
}

function describe(delay: unknown): string {
  if (typeof delay === 'string' || typeof delay === 'number') return quoted(delay);
  return `A value of type ${delay === null ? 'null' : typeof delay}`;
}

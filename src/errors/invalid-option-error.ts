import { inspect } from 'node:util';
import { WorkError } from '#protocol';

/** An option of `WorkModule.forRoot` or `forRootAsync` is missing, or outside of what it may be. */
export class InvalidOptionError extends WorkError {
  readonly code = 'WORK_INVALID_OPTION';

  /** @param allowed what the option may be, a clause that follows "must be" */
  constructor(
    readonly option: string,
    readonly value: unknown,
    allowed: string,
  ) {
    super(`WorkModule option "${option}" is ${shown(value)}, and must be ${allowed}.`);
  }
}

function shown(value: unknown): string {
  if (value === undefined) return 'not given';
  const text = inspect(value, { depth: 0, breakLength: Infinity });
  return text.length > 120 ? `${text.slice(0, 120)}…` : text;
}

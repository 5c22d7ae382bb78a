import { quoted, WorkError } from '#protocol';

/** An option of the pool is out of range. */
export class InvalidPoolOptionError extends WorkError {
  readonly code = 'WORK_INVALID_POOL_OPTION';

  constructor(
    readonly option: string,
    value: unknown,
    allowed: string,
  ) {
    super(`${option} must be ${allowed}, not ${quoted(value)}.`);
  }
}

/** The pool was asked for something that its state does not allow. */
export class PoolStateError extends WorkError {
  readonly code = 'WORK_POOL_STATE';
}

import { WorkError } from '#protocol';

/** A class under `middleware` is no provider of the application. */
export class MissingMiddlewareError extends WorkError {
  readonly code = 'WORK_MISSING_MIDDLEWARE';

  constructor(
    readonly middleware: string,
    reason: string,
  ) {
    super(`Job middleware ${middleware} cannot be used: ${reason}`);
  }
}

import { WorkError } from '#protocol';

/**
 * Thrown by a handler or a middleware: no further attempt can help, so the job goes to the dead set at once (or is dropped,
 * where its type has `skipDead`). Subclasses count as well.
 *
 * @example
 * throw new UnrecoverableError(`Customer ${id} does not exist`);
 */
export class UnrecoverableError extends WorkError {
  readonly code: string = 'WORK_UNRECOVERABLE';
}

import { delaySeconds, WorkError, type Delay } from '#protocol';

/**
 * Thrown by a handler: not now. The job waits in the scheduled set and runs again when the delay is over, with no
 * attempt spent.
 *
 * @example
 * throw new SnoozeError('5m');
 */
export class SnoozeError extends WorkError {
  readonly code = 'WORK_JOB_SNOOZED';
  /** Seconds from now; 0 or less means at once. */
  readonly delaySeconds: number;

  /** @throws InvalidDelayError */
  constructor(delay: Delay) {
    super(`The job asked to wait for ${delay}${typeof delay === 'number' ? ' s' : ''} before it runs again.`);
    this.delaySeconds = delaySeconds(delay);
  }
}

/** Thrown by a handler: the job is no longer wanted. It is removed, neither retried nor kept in the dead set. */
export class CancelError extends WorkError {
  readonly code = 'WORK_JOB_CANCELLED';

  constructor(
    readonly reason: string,
    options?: ErrorOptions,
  ) {
    super(`The job cancelled itself: ${reason}`, options);
  }
}

import { quoted, WorkError } from '#protocol';

/** Why a run must end: its pool stops and the grace period is over, or the pool was taken for dead and lost the job. */
export type Interruption = 'shutdown' | 'fenced';

const WHY: Record<Interruption, string> = {
  shutdown: 'the worker pool stops and its grace period is over. The job goes back to its queue, no attempt is spent',
  fenced:
    'the worker pool was taken for dead, and its job was given to another one. What this run does now may be done twice',
};

/** `signal.reason` of a job whose run must end. */
export class JobInterruptedError extends WorkError {
  readonly code = 'WORK_JOB_INTERRUPTED';
  override readonly cause: Interruption;

  constructor(cause: Interruption, queueName: string) {
    super(`A job of ${quoted(queueName)} is interrupted: ${WHY[cause]}.`);
    this.cause = cause;
  }
}

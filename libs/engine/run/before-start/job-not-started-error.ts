import { WorkError } from '#protocol';

/** Between its fetch and its start this pool lost a job, or was told to stop: the job must not start here. */
export class JobNotStartedError extends WorkError {
  readonly code = 'WORK_JOB_NOT_STARTED';

  constructor(why: string, options?: ErrorOptions) {
    super(`A job was fetched but not started: ${why}. It runs again from its queue, no attempt is spent.`, options);
  }
}

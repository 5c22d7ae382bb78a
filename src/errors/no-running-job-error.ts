import { WorkError } from '#protocol';

/** A member of the injected JobContext was used where no job runs. */
export class NoRunningJobError extends WorkError {
  readonly code = 'WORK_NO_RUNNING_JOB';

  constructor(readonly member: string) {
    super(
      `JobContext.${member} was used where no job runs: an HTTP request, a start or shutdown hook, or a callback that was ` +
        'created outside of the job. Use JobContext.current(), which is undefined there, to serve both.',
    );
  }
}

import { WorkError } from '../errors.js';
import { quoted } from '../quoted.js';

/** The name cannot be declared as a job's name. */
export class InvalidJobNameError extends WorkError {
  readonly code = 'WORK_INVALID_JOB_NAME';

  /** @param reason what is wrong with it, a clause that follows the name */
  constructor(
    readonly jobName: unknown,
    readonly reason: string,
  ) {
    super(`Job name ${quoted(jobName)} is not usable: ${reason}. Rename the job, for example "send_email".`);
  }
}

import { WorkError } from '../errors.js';
import { quoted } from '../quoted.js';

/** One thing that is wrong with the arguments of a job. */
export interface ArgumentProblem {
  /** Where, for example `args.items[3].price`. */
  readonly path: string;
  /** What is wrong and what to give instead, a clause that follows the path. */
  readonly reason: string;
}

/** The arguments of a job are not what the job, or the wire, can take. */
export class InvalidArgumentsError extends WorkError {
  readonly code = 'WORK_INVALID_ARGUMENTS';

  constructor(
    readonly jobName: string,
    readonly problems: readonly ArgumentProblem[],
    options?: ErrorOptions,
  ) {
    const list = problems.map(({ path, reason }) => `${path} ${reason}`).join('; ');
    super(`Arguments of job ${quoted(jobName)} are not usable: ${list}.`, options);
  }
}

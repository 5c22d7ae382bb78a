import { inspect } from 'node:util';
import { WorkError } from '#protocol';

/** A job was declared twice in one pool. */
export class DuplicateJobError extends WorkError {
  readonly code = 'WORK_DUPLICATE_JOB';

  constructor(readonly jobName: string) {
    super(
      `Job ${JSON.stringify(jobName)} is declared twice in this pool, and only one handler can run it. ` +
        'Remove one declaration, or give one of them another name.',
    );
  }
}

/** An option of a declared job is outside of what it may be. */
export class InvalidJobOptionsError extends WorkError {
  readonly code = 'WORK_INVALID_JOB_OPTIONS';

  constructor(
    readonly jobName: string,
    readonly option: string,
    readonly value: unknown,
    allowed: string,
  ) {
    super(
      `Job ${JSON.stringify(jobName)}: ${option} is ${inspect(value, { depth: 0, breakLength: Infinity })}, ` +
        `and must be ${allowed}.`,
    );
  }
}

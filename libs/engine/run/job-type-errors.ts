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

/** An option of a declared job does not exist, or is outside of what it may be. */
export class InvalidJobOptionsError extends WorkError {
  readonly code = 'WORK_INVALID_JOB_OPTIONS';

  constructor(
    readonly jobName: string,
    readonly option: string,
    readonly value: unknown,
    /** The rest of a sentence that begins with the option. */
    readonly problem: string,
  ) {
    super(`Job ${JSON.stringify(jobName)}: ${option} ${problem}`);
  }

  /** @param allowed what the option may be, for example `a function` */
  static ofValue(jobName: string, option: string, value: unknown, allowed: string): InvalidJobOptionsError {
    const shown = inspect(value, { depth: 0, breakLength: Infinity });
    return new InvalidJobOptionsError(jobName, option, value, `is ${shown}, and must be ${allowed}.`);
  }
}

import { inspect } from 'node:util';
import { quoted, WorkError } from '#protocol';

/** No such job stands where it was looked for: it ran, was moved, or was deleted meanwhile. Nothing was changed. */
export class JobNotFoundError extends WorkError {
  readonly code = 'WORK_JOB_NOT_FOUND';

  constructor(
    readonly jobId: string,
    /** Redis key of the list or set. */
    readonly key: string,
    what: string,
  ) {
    super(`${what}: no job ${quoted(jobId)} stands in ${key} any more. Read the page again to see where jobs are now.`);
  }
}

/** A job stays where it is, because Redis refused to put it into its queue; Redis' error is the cause. */
export class JobNotMovedError extends WorkError {
  readonly code = 'WORK_JOB_NOT_MOVED';

  constructor(
    readonly jobId: string,
    readonly queueKey: string,
    override readonly cause: Error,
  ) {
    super(
      `Job ${quoted(jobId)} stays where it is, because Redis refused to put it into ${queueKey}: ${cause.message}. Look at what that ` +
        'key is, and try again.',
      { cause },
    );
  }
}

/** A page that there cannot be. */
export class InvalidPageError extends WorkError {
  readonly code = 'WORK_INVALID_PAGE';

  constructor(page: unknown, size: unknown, maxSize: number) {
    super(
      `There is no page ${inspect(page)} of ${inspect(size)} entries: pages begin at 1, are whole numbers, and have 1 to ${maxSize} entries.`,
    );
  }
}

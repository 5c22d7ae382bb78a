import { inspect } from 'node:util';
import { quoted, WorkError } from '#protocol';

const CLOSED = {
  before: 'The client is closed, and nothing was asked of Redis',
  during: 'The client was closed before Redis answered: what it was to change is changed or not',
} as const;

/** The client was closed, with the application, or its connection was by who gave it. */
export class ClientClosedError extends WorkError {
  readonly code = 'WORK_CLIENT_CLOSED';

  /** @param when the client was closed before it was called, or during the call */
  constructor(when: keyof typeof CLOSED, cause?: Error) {
    super(`${CLOSED[when]}. Ask before the application has shut down, or make another client.`, { cause });
  }
}

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

/** The namespace knows no such type of job. Nothing was changed. */
export class UnknownJobTypeError extends WorkError {
  readonly code = 'WORK_UNKNOWN_JOB_TYPE';

  constructor(
    readonly jobName: string,
    readonly namespace: string,
    /** A name that there is, and that was most likely meant. */
    readonly meant: string | undefined,
  ) {
    const advice = meant === undefined ? 'queues() lists those that it knows' : `Did you mean ${quoted(meant)}?`;
    super(
      `${quoted(jobName)} was not paused: in namespace ${quoted(namespace)} no worker pool ever registered such a job and nobody ` +
        `enqueued one. ${advice}${meant === undefined ? '; to' : ' To'} pause it before its first deploy, give { mayBeUnknown: true }.`,
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

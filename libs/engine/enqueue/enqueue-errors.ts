import { quoted, WorkError } from '#protocol';
import { adviceOnRefusal, replyText } from '#store';
import { clause, named, redisAt, sentences } from './error-words.js';
import type { EnqueuedJob } from './enqueued-job.js';

/** Redis answered with an error, which is the cause: out of memory, a key of another type, no permission. */
export class EnqueueRefusedError extends WorkError {
  readonly code = 'WORK_ENQUEUE_REFUSED';

  constructor(
    readonly jobName: string,
    override readonly cause: Error,
    /** host:port */
    target?: string,
  ) {
    const refusal = `${named(jobName)} was not enqueued, because ${redisAt(target)} refused it: ${clause(replyText(cause))}.`;
    super(sentences(refusal, adviceOnRefusal(cause)), { cause });
  }
}

/** Nobody is known to run such a job, most likely because its name is mistyped. Nothing was written. */
export class UnknownJobError extends WorkError {
  readonly code = 'WORK_UNKNOWN_JOB';

  constructor(
    readonly jobName: string,
    readonly namespace: string,
    advice: string,
  ) {
    super(
      `${named(jobName)} was not enqueued: this process has no handler for it, and in namespace ${quoted(namespace)} ` +
        `no worker pool has ever registered it. ${advice}`,
    );
  }
}

const BACKLOGS = { calls: '10,000 calls wait', bytes: 'calls with 64 MB of jobs wait' } as const;

/** Too many calls, or too large ones, wait for Redis already. */
export class EnqueueBacklogError extends WorkError {
  readonly code = 'WORK_ENQUEUE_BACKLOG';

  constructor(
    readonly jobName: string,
    /** Which limit is reached: 10,000 calls, or 64 MB of jobs. */
    readonly limit: 'calls' | 'bytes',
  ) {
    super(
      `${named(jobName)} was not enqueued, because ${BACKLOGS[limit]} for Redis already. Nothing was written. Await some of them first, or ` +
        'give many jobs to one enqueueMany().',
    );
  }
}

/** The enqueuer was closed, with the application. */
export class EnqueuerClosedError extends WorkError {
  readonly code = 'WORK_ENQUEUER_CLOSED';

  constructor(readonly jobName: string) {
    super(
      `${named(jobName)} was not enqueued, because the enqueuer is closed. Enqueue before the application has shut down.`,
    );
  }
}

/** A time to run at that is no date, or beyond what a date can say. */
export class InvalidRunAtError extends WorkError {
  readonly code = 'WORK_INVALID_RUN_AT';

  constructor(
    readonly jobName: string,
    runAt: unknown,
  ) {
    super(`${named(jobName)} cannot be scheduled for ${quoted(runAt)}: give a valid Date.`);
  }
}

/** Some of many jobs could not be enqueued. The cause says why. */
export class EnqueueManyError extends WorkError {
  readonly code = 'WORK_ENQUEUE_MANY';

  constructor(
    readonly jobName: string,
    /** How many were given. */
    readonly total: number,
    /** Those that were written: the first of those given, in their order. */
    readonly written: readonly EnqueuedJob[],
    /** Those that follow, which were sent and of which no reply came: written or not. All others were not written. */
    readonly unknown: readonly EnqueuedJob[],
    cause: unknown,
  ) {
    super(
      `Of ${total} jobs ${quoted(jobName)} ${written.length} were enqueued and of ${unknown.length} it is not known: ` +
        `${cause instanceof Error ? cause.message : String(cause)} The error's "written" and "unknown" name them.`,
      { cause },
    );
  }
}

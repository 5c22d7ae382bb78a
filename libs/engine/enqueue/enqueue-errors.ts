import { WorkError } from '#protocol';
import type { EnqueuedJob } from './enqueued-job.js';

const named = (jobName: string) => `Job ${JSON.stringify(jobName)}`;

/** Redis did not confirm the job in time. */
export class EnqueueTimeoutError extends WorkError {
  readonly code = 'WORK_ENQUEUE_TIMEOUT';

  constructor(
    readonly jobName: string,
    readonly timeoutMs: number,
    /** `'no'`: it was never sent and never will be. `'unknown'`: it was sent, and no reply has come. */
    readonly written: 'no' | 'unknown',
  ) {
    super(
      written === 'no'
        ? `${named(jobName)} was not enqueued: Redis was not reachable, or too busy, for ${timeoutMs} ms. Nothing was written, so it is safe to enqueue it again.`
        : `${named(jobName)} was sent to Redis, but no reply came within ${timeoutMs} ms: it may be enqueued or not. Enqueue it again only where running it twice does no harm.`,
    );
  }
}

/** Redis answered with an error, which is the cause: out of memory, a key of another type, no permission. */
export class EnqueueRefusedError extends WorkError {
  readonly code = 'WORK_ENQUEUE_REFUSED';

  constructor(
    readonly jobName: string,
    override readonly cause: Error,
  ) {
    super(`${named(jobName)} was not enqueued, because Redis refused it: ${cause.message}${hint(cause.message)}`, {
      cause,
    });
  }
}

function hint(text: string): string {
  if (text.startsWith('OOM')) return ' Workers go on at this limit, so it may have room again when some jobs are done.';
  if (text.startsWith('WRONGTYPE'))
    return ' Another program uses the key of its queue; give the application a namespace of its own.';
  if (text.startsWith('NOPERM')) return ' Give the Redis user of the producer this command and these keys.';
  return '';
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
      `${named(jobName)} was not enqueued: this process has no handler for it, and in namespace ${JSON.stringify(namespace)} ` +
        `no worker pool has ever registered it. ${advice}`,
    );
  }
}

/** Too many calls wait for Redis already. */
export class EnqueueBacklogError extends WorkError {
  readonly code = 'WORK_ENQUEUE_BACKLOG';

  constructor(
    readonly jobName: string,
    readonly limit: number,
  ) {
    super(
      `${named(jobName)} was not enqueued, because ${limit} calls wait for Redis already. Nothing was written. Await some of them first, or ` +
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
    super(`${named(jobName)} cannot be scheduled for ${String(runAt)}: give a valid Date.`);
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
      `Of ${total} jobs ${JSON.stringify(jobName)} ${written.length} were enqueued and of ${unknown.length} it is not known: ` +
        `${cause instanceof Error ? cause.message : String(cause)} The error's "written" and "unknown" name them.`,
      { cause },
    );
  }
}

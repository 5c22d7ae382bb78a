import type { EpochSeconds } from '#protocol';
import type { JobOutcome } from './outcome/job-outcome.js';

/** Which attempt an event is about. Never its arguments: they may be secret, and events are logged. */
export interface AttemptNamed {
  readonly job: string;
  readonly jobId: string;
  /** 1 = the first run. */
  readonly attempt: number;
  /** Attempts before the job is given up. */
  readonly maxFails: number;
  readonly poolId: string;
  readonly enqueuedAt: EpochSeconds;
}

/** What happens to single jobs. A job's own failure is no trouble of the engine's: `job_finished` tells it. */
export type JobEvent =
  | ({ readonly type: 'job_started' } & AttemptNamed)
  /** The handler has ended; its entry in Redis is settled with the next call. */
  | ({ readonly type: 'job_finished'; readonly outcome: JobOutcome; readonly durationMs: number } & AttemptNamed)
  /** No pool could run it; it was set aside. */
  | { readonly type: 'job_quarantined'; readonly queue: string; readonly reason: string }
  /**
   * Its entry was taken away while it ran, because the pool was taken for dead: another pool runs it again, its outcome here
   * counts for nothing, and what it does may be done twice.
   */
  | { readonly type: 'job_lost'; readonly job: string; readonly jobId: string | undefined; readonly poolId: string }
  /** Found in the queue of another name, and no handler here knows its own: it was sent to the queue of its name. */
  | { readonly type: 'job_stray'; readonly job: string; readonly jobId: string; readonly queue: string };

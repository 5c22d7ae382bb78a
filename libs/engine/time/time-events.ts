import type { EpochSeconds } from '#protocol';
import type { WaitingSet } from './waiting-set.js';

/** What the requeuers and the periodic enqueuer do. */
export type TimeEvent =
  /** One pass of a requeuer that found something to do. */
  | {
      readonly type: 'jobs_requeued';
      readonly set: WaitingSet;
      readonly moved: number;
      /** Ticks of periodic jobs that had fired before. */
      readonly dropped: number;
      readonly quarantined: number;
    }
  /** One pass in which jobs were brought back that a pool of gocraft/work sent to dead, as it did not know their types. */
  | { readonly type: 'unknown_jobs_retried'; readonly jobNames: readonly string[]; readonly retried: number }
  /** Such jobs are dead, and stay so until somebody brings them back. Told once of each type. */
  | { readonly type: 'unknown_jobs_found'; readonly jobNames: readonly string[]; readonly found: number }
  /** Redis was away for so long that a periodic job missed its time. */
  | {
      readonly type: 'ticks_missed';
      readonly job: string;
      readonly expression: string;
      /** The last time missed, which is made up for now. */
      readonly madeUpFor: EpochSeconds;
    };

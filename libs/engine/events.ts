import type { EnqueueEvent } from './enqueue/enqueue-events.js';
import type { StopTally } from './fetcher/stop-tally.js';
import type { LivenessEvent } from './liveness/liveness-events.js';
import type { JobEvent } from './run/job-events.js';
import type { TimeEvent } from './time/time-events.js';

/**
 * What the engine tells the application, as values: nothing in the engine writes to a log by itself. A role reports a
 * change once, not on every pass. Errors stay errors; times are milliseconds since the epoch unless the name says otherwise.
 */
export type WorkEvent =
  | JobEvent
  | EnqueueEvent
  | LivenessEvent
  | TimeEvent
  | { readonly type: 'redis_lost'; readonly target: string; readonly error: Error | undefined }
  | { readonly type: 'redis_back'; readonly target: string; readonly downMs: number }
  | { readonly type: 'pool_started'; readonly poolId: string; readonly jobNames: readonly string[] }
  | ({ readonly type: 'pool_stopped'; readonly poolId: string } & StopTally)
  /** A start of gocraft/work had lifted a limit that this pool and others declare; this is the last that one of ours set. */
  | { readonly type: 'limit_restored'; readonly jobName: string; readonly maxConcurrency: number }
  /** Another limit stands in Redis than the last that a pool of ours set, as where gocraft/work declares it. Told once. */
  | {
      readonly type: 'limit_overridden';
      readonly jobName: string;
      readonly maxConcurrency: number;
      readonly ours: number;
    }
  | { readonly type: 'pool_fenced'; readonly poolId: string; readonly newPoolId: string }
  | { readonly type: 'role_failed'; readonly role: RoleName; readonly error: unknown }
  | { readonly type: 'warning'; readonly code: string; readonly message: string };

/** The part of the engine that met an error, by the name of its class. */
export type RoleName =
  | 'DeadPoolReaper'
  | 'Enqueuer'
  | 'Fetcher'
  | 'Heartbeater'
  | 'JobExecutor'
  | 'LockKeeper'
  | 'Observer'
  | 'OrphanFinder'
  | 'PeriodicEnqueuer'
  | 'Requeuer'
  | 'Suspects'
  | 'UniqueClaim'
  | 'UnknownJobFinder'
  | 'Waker'
  | 'WorkerPool';

/** Is told what happens. Must not throw. */
export type Report = (event: WorkEvent) => void;

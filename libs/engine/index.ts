export {
  Client,
  DEFAULT_PAGE_SIZE,
  InvalidPageError,
  JobNotFoundError,
  JobNotMovedError,
  MAX_PAGE_SIZE,
  type ClientOptions,
  type JobPage,
  type JobPlace,
  type JobSearchOptions,
  type JobSearchResult,
  type ListedEntry,
  type ListedJob,
  type MoveAllOptions,
  type MoveAllTally,
  type QuarantinedJob,
  type QuarantinePage,
  type QueueState,
  type UndecodableEntry,
  type WorkerObservation,
  type WorkerPoolHeartbeat,
} from './client/index.js';
export { epochSeconds, RedisClock, systemClock, type Clock } from './clock.js';
export {
  DEFAULT_ENQUEUE_TIMEOUT_MS,
  EnqueueBacklogError,
  EnqueueManyError,
  EnqueueRefusedError,
  Enqueuer,
  EnqueuerClosedError,
  EnqueueTimeoutError,
  InvalidRunAtError,
  UnknownJobError,
  type ArgumentsOf,
  type CheckArguments,
  type EnqueuedJob,
  type EnqueueEvent,
  type EnqueuerOptions,
  type JobArguments,
  type JobKnowledge,
  type ScheduledJob,
} from './enqueue/index.js';
export type { Report, WorkEvent } from './events.js';
export type { FailedAttempt } from './run/attempt-record.js';
export {
  CONCURRENCY,
  GRACE_PERIOD_MS,
  MAX_BLOCKED_MS,
  InvalidPoolOptionError,
  PoolStateError,
  START_TIMEOUT_MS,
  WHEN_REDIS_IS_DOWN,
  WorkerPool,
  type NumberOption,
  type PeriodicOptions,
  type WorkerPoolOptions,
} from './pool/index.js';
export { JobInterruptedError, type Interruption } from './fetcher/index.js';
export { errorStack } from './run/error-stack.js';
export { errorText } from './run/error-text.js';
export type { JobEvent } from './run/job-events.js';
export type { JobFailure, JobOutcome } from './run/job-outcome.js';
export { JobRun, type JobHandler } from './run/job-run.js';
export { CancelError, SnoozeError } from './run/job-signals.js';
export { DuplicateJobError, InvalidJobOptionsError } from './run/job-type-errors.js';
export { type JobTypeOptions } from './run/job-types.js';
export { compose, NextCalledTwiceError, type Middleware } from './run/middleware.js';
export { UnrecoverableError } from './run/unrecoverable-error.js';
export {
  Connections,
  InvalidConnectionError,
  RedisRefusedError,
  RedisUnreachableError,
  type ClusterConnection,
  type ConnectionRole,
  type ConnectionSpec,
} from '#store';
export {
  PeriodicEnqueuer,
  Requeuer,
  upcomingTicks,
  type PeriodicEnqueuerOptions,
  type PeriodicJob,
  type PeriodicTally,
  type RequeuerOptions,
  type RequeueTally,
  type TimeEvent,
  type UpcomingTick,
  type WaitingSet,
} from './time/index.js';
export { Keyspace, WorkError } from '#protocol';

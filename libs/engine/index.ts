export {
  Client,
  InvalidPageError,
  JobNotFoundError,
  JobNotMovedError,
  UnknownJobTypeError,
  type ClientOptions,
  type JobPage,
  type JobPlace,
  type JobSearchOptions,
  type JobSearchResult,
  type ListedEntry,
  type ListedJob,
  type MoveAllOptions,
  type MoveAllTally,
  type PauseOptions,
  type QuarantinedJob,
  type QuarantinePage,
  type QueueState,
  type UndecodableEntry,
  type WorkerObservation,
  type WorkerPoolHeartbeat,
} from './client/index.js';
export type { Clock } from './clock.js';
export type { GivenConnection, OwnConnection } from './connection-in-use.js';
export { InvalidEngineOptionError } from './engine-options.js';
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
  type EnqueuerOptions,
  type JobArguments,
  type JobKnowledge,
  type ScheduledJob,
} from './enqueue/index.js';
export type { Report, RoleName, WorkEvent } from './events.js';
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
export {
  CancelError,
  compose,
  DuplicateJobError,
  errorStack,
  errorText,
  InvalidJobOptionsError,
  JobRun,
  NextCalledTooLateError,
  NextCalledTwiceError,
  SnoozeError,
  UnrecoverableError,
  type FailedAttempt,
  type JobFailure,
  type JobHandler,
  type JobOutcome,
  type JobTypeOptions,
  type Middleware,
} from './run/index.js';
export type { UnknownJobsTally } from './time/index.js';
export { isWhole } from './whole-number.js';
export {
  Connections,
  InvalidConnectionError,
  RedisRefusedError,
  RedisUnreachableError,
  type ClusterConnection,
  type ConnectionRole,
  type ConnectionSpec,
} from '#store';

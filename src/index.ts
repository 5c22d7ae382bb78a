export { JobContext } from './context/index.js';
export { Job } from './decorators/job.decorator.js';
export { Periodic } from './decorators/periodic.decorator.js';
export {
  getEnqueuerToken,
  getWorkClientToken,
  getWorkerPoolToken,
  getWorkEventsToken,
  InjectEnqueuer,
  InjectWorkClient,
  InjectWorkerPool,
  InjectWorkEvents,
} from './decorators/tokens.js';
export {
  DuplicateInstanceError,
  InvalidJobDeclarationError,
  InvalidOptionError,
  MissingMiddlewareError,
  NoRunningJobError,
  SkippedEnhancerError,
  UnknownInstanceError,
} from './errors/index.js';
export type { WorkMiddleware } from './execution/index.js';
export type { JobOptions, JobTuning, PeriodicOptions } from './options/job-options.js';
export type { ValidationOptions } from './options/validation-options.js';
export type {
  WorkModuleAsyncOptions,
  WorkModuleNaming,
  WorkModuleOptions,
  WorkOptionsFactory,
} from './options/work-module-options.js';
export { WorkEvents } from './lifecycle/work-events.js';
export { WorkModule } from './work.module.js';
// `declare module 'nestjs-work' { interface JobArguments … }` reaches what is declared elsewhere only through `export *`.
export * from '../libs/engine/enqueue/job-arguments.js';
export {
  CancelError,
  Client as WorkClient,
  ClientClosedError,
  EnqueueBacklogError,
  EnqueueManyError,
  EnqueueRefusedError,
  Enqueuer,
  EnqueuerClosedError,
  EnqueueTimeoutError,
  InvalidConnectionError,
  InvalidPageError,
  InvalidRunAtError,
  JobInterruptedError,
  JobNotFoundError,
  JobNotMovedError,
  PoolStateError,
  RedisLostError,
  RedisRefusedError,
  RedisUnreachableError,
  SnoozeError,
  UnknownJobError,
  UnknownJobTypeError,
  UnrecoverableError,
  WorkerPool,
  type ClusterConnection,
  type ConnectionRole,
  type ConnectionSpec,
  type EnqueuedJob,
  type FailedAttempt,
  type Interruption,
  type JobOutcome,
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
  type ScheduledJob,
  type UndecodableEntry,
  type WorkerObservation,
  type WorkerPoolHeartbeat,
  type WorkEvent,
} from '#engine';
export {
  InvalidArgumentsError,
  InvalidCronError,
  InvalidDelayError,
  InvalidJobNameError,
  InvalidNamespaceError,
  WorkError,
  type ArgumentProblem,
  type Backoff,
  type Delay,
  type JobDocument,
} from '#protocol';

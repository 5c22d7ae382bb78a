export {
  EnqueueBacklogError,
  EnqueueManyError,
  EnqueueRefusedError,
  EnqueuerClosedError,
  InvalidRunAtError,
  UnknownJobError,
} from './enqueue-errors.js';
export { EnqueueTimeoutError, type RedisTrouble } from './enqueue-timeout-error.js';
export type { EnqueuedJob, ScheduledJob } from './enqueued-job.js';
export { Enqueuer } from './enqueuer.js';
export {
  DEFAULT_ENQUEUE_TIMEOUT_MS,
  type CheckArguments,
  type EnqueuerOptions,
  type JobKnowledge,
} from './enqueuer-options.js';
export type { ArgumentsOf, JobArguments } from './job-arguments.js';

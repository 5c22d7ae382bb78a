export {
  ClientClosedError,
  InvalidPageError,
  JobNotFoundError,
  JobNotMovedError,
  UnknownJobTypeError,
} from './client-errors.js';
export type { ClientOptions } from './client-options.js';
export { Client } from './client.js';
export type { JobPlace, JobSearchOptions, JobSearchResult } from './job-search.js';
export type { JobPage, ListedEntry, ListedJob, UndecodableEntry } from './listed-entry.js';
export type { MoveAllOptions, MoveAllTally } from './mover.js';
export type { PauseOptions } from './pauses.js';
export type { WorkerObservation, WorkerPoolHeartbeat } from './pool-reader.js';
export type { QuarantinedJob, QuarantinePage } from './quarantine-keeper.js';
export type { QueueState } from './queue-reader.js';

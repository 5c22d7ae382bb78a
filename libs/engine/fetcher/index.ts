export { Fetcher } from './fetcher.js';
export type { FetcherOptions, Membership, RunJob, WakeUps } from './fetcher-options.js';
export type { HeldJob } from './held-job.js';
export { JobInterruptedError, type Interruption } from './job-interrupted-error.js';
export type { FetchedType } from './queue-beliefs.js';
export type { StopTally } from './stop-fetcher.js';

export { FAREWELL_MS, Fetcher } from './fetcher.js';
export type { FetcherOptions, Membership, RunJob, WakeUps } from './fetcher-options.js';
export type { HeldJob } from './state/held-job.js';
export { JobInterruptedError, type Interruption } from './state/job-interrupted-error.js';
export type { FetchedType } from './state/queue-beliefs.js';
export type { StopTally } from './stop-tally.js';

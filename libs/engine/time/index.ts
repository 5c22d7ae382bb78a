export { PeriodicEnqueuer, type PeriodicJob } from './periodic-enqueuer.js';
export { Requeuer } from './requeuer.js';
export { UnknownJobFinder } from './unknown-job-finder.js';
export { retryUnknownJobs, type UnknownJobsTally } from './unknown-jobs.js';
export type { WaitingSet } from './waiting-set.js';

export { PeriodicEnqueuer, type PeriodicJob } from './periodic-enqueuer.js';
export { Requeuer } from './requeuer.js';
export type { WaitingSet } from './waiting-set.js';

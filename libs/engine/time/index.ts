export {
  PeriodicEnqueuer,
  type PeriodicEnqueuerOptions,
  type PeriodicJob,
  type PeriodicTally,
} from './periodic-enqueuer.js';
export { Requeuer, type RequeuerOptions, type RequeueTally } from './requeuer.js';
export type { TimeEvent } from './time-events.js';
export { upcomingTicks, type UpcomingTick } from './upcoming-ticks.js';
export type { WaitingSet } from './waiting-set.js';

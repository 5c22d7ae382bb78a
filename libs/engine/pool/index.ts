export type { PeriodicOptions } from './periodic-registry.js';
export { InvalidPoolOptionError, PoolStateError } from './pool-errors.js';
export type { WorkerPoolOptions } from './pool-options.js';
export { WorkerPool } from './worker-pool.js';

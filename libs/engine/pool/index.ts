export type { PeriodicOptions } from './periodic-registry.js';
export { InvalidPoolOptionError, PoolStateError } from './pool-errors.js';
export {
  CONCURRENCY,
  GRACE_PERIOD_MS,
  MAX_BLOCKED_MS,
  START_TIMEOUT_MS,
  WHEN_REDIS_IS_DOWN,
  type NumberOption,
  type WorkerPoolOptions,
} from './pool-options.js';
export { WorkerPool } from './worker-pool.js';

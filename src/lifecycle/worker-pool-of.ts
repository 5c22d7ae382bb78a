import { WorkerPool } from '#engine';
import type { WorkInstance } from './work-instance.js';

/** The pool of an instance, which connects when it is started. */
export function workerPoolOf({ options, connections, report }: WorkInstance): WorkerPool {
  const { namespace, concurrency, gracePeriodMs, maxBlockedMs, whenRedisIsDown } = options;
  const pool = { namespace, concurrency, gracePeriodMs, maxBlockedMs, whenRedisIsDown, report };
  return new WorkerPool({ ...pool, connection: connections });
}

import { WorkerPool } from '#engine';
import type { WorkInstance } from './work-instance.js';

/** The pool of an instance, which connects when it is started. */
export function workerPoolOf({ options, report }: WorkInstance): WorkerPool {
  const { namespace, connection, concurrency, gracePeriodMs, maxBlockedMs, whenRedisIsDown } = options;
  return new WorkerPool({ namespace, connection, concurrency, gracePeriodMs, maxBlockedMs, whenRedisIsDown, report });
}

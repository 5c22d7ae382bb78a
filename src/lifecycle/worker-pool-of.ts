import { PoolStateError, WorkerPool } from '#engine';
import type { WorkInstance } from './work-instance.js';

/** The pool of a process that only enqueues: it was told of no handler, so that to start it would be of no use. */
class IdlePool extends WorkerPool {
  override start(): Promise<void> {
    return this.#refuse('started');
  }

  override drain(): Promise<void> {
    return this.#refuse('drained');
  }

  #refuse(what: string): Promise<never> {
    const problem = `This process runs no jobs (worker: false): its pool cannot be ${what}. Do so where they run.`;
    return Promise.reject(new PoolStateError(problem));
  }
}

/** The pool of an instance, which connects when it is started. */
export function workerPoolOf({ options, connections, report }: WorkInstance): WorkerPool {
  const { namespace, concurrency, gracePeriodMs, maxBlockedMs, retryUnknownJobs, whenRedisIsDown } = options;
  const pool = { namespace, concurrency, gracePeriodMs, maxBlockedMs, retryUnknownJobs, whenRedisIsDown, report };
  const PoolClass = options.worker ? WorkerPool : IdlePool;
  return new PoolClass({ ...pool, connection: connections });
}

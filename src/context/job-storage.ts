import { AsyncLocalStorage } from 'node:async_hooks';
import type { JobContext } from './job-context.js';

const storage = new AsyncLocalStorage<JobContext>();

/** Everything that `work` does, now and later, sees `job` as the running one. */
export function runInJob<T>(job: JobContext, work: () => T): T {
  return storage.run(job, work);
}

export function runningJob(): JobContext | undefined {
  return storage.getStore();
}

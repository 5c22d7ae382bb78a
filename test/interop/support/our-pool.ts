import {
  WorkerPool,
  type JobHandler,
  type JobRun,
  type JobTypeOptions,
  type PeriodicOptions,
  type WorkerPoolOptions,
} from '#engine';

/** A job type of a pool of ours in this process, and what its runs do. */
export interface OurPoolJobType extends JobTypeOptions {
  readonly name: string;
  /** @default nothing */
  readonly run?: JobHandler;
}

/** Told as `GoPoolOptions` tells a Go pool. */
export interface OurPoolOptions extends Partial<WorkerPoolOptions> {
  readonly jobs?: readonly OurPoolJobType[];
  readonly periodic?: readonly ({ readonly spec: string; readonly name: string } & PeriodicOptions)[];
}

/** A pool of ours that knows its jobs. */
export function newPool({ jobs = [], periodic = [], ...options }: OurPoolOptions & WorkerPoolOptions): WorkerPool {
  const pool = new WorkerPool(options);
  for (const { name, run = () => undefined, ...type } of jobs) pool.job(name, type, run);
  for (const { spec, name, ...zone } of periodic) pool.periodicallyEnqueue(spec, name, zone);
  return pool;
}

/** What the runs of a job type do that fails. */
export function failWith(text: string): JobHandler {
  return () => {
    throw new Error(text);
  };
}

/** A run that goes on until its pool stops, and then fails. */
export function untilStopped({ signal }: JobRun): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
}

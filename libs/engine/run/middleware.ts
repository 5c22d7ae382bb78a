import { WorkError } from '#protocol';
import type { JobHandler, JobRun } from './job-run.js';

/**
 * Wraps the run of every job. `next()` runs the rest, once; where it is not called the rest is skipped, and the job ends
 * as this function does. An error that it catches and does not throw again makes the job a success.
 *
 * @example
 * const timed: Middleware = async (run, next) => {
 *   const started = performance.now();
 *   try {
 *     return await next();
 *   } finally {
 *     console.log(run.name, performance.now() - started);
 *   }
 * };
 */
export type Middleware = (run: JobRun, next: () => Promise<unknown>) => unknown;

/** A middleware called `next()` twice, which would run the job twice. */
export class NextCalledTwiceError extends WorkError {
  readonly code = 'WORK_NEXT_CALLED_TWICE';

  constructor(
    readonly jobName: string,
    middlewareName: string,
  ) {
    super(
      `Middleware ${middlewareName || '(without a name)'} called next() a second time for a job ${JSON.stringify(jobName)}. ` +
        'Call it at most once per run: to run a job again, let it fail.',
    );
  }
}

/** One function of a handler and what wraps it, the first middleware outermost. */
export function compose(middleware: readonly Middleware[], handler: JobHandler): JobHandler {
  return middleware.reduceRight<JobHandler>((rest, each) => (run) => wrap(each, rest, run), handler);
}

/**
 * A middleware that returns while what it called still runs (a forgotten `await`) waits for it here, and fails with it:
 * else the job would count as done before it is. One that throws ends the run at once, as a time limit means to.
 */
async function wrap(middleware: Middleware, rest: JobHandler, run: JobRun): Promise<unknown> {
  const inner: { promise?: Promise<unknown>; runs: boolean } = { runs: false };
  const callRest = async () => {
    inner.runs = true;
    try {
      return await rest(run);
    } finally {
      inner.runs = false;
    }
  };
  const next = () => {
    if (inner.promise) throw new NextCalledTwiceError(run.name, middleware.name);
    inner.promise = callRest();
    inner.promise.catch(() => {}); // an error that nobody awaits must not end the process
    return inner.promise;
  };
  const result = await middleware(run, next);
  if (inner.runs) await inner.promise;
  return result;
}

import { WorkError } from '#protocol';
import type { JobHandler, JobRun } from './job-run.js';
import { WatchedPromise } from './watched-promise.js';

/**
 * Wraps the run of every job. `next()` runs the rest, once; where it is not called the rest is skipped, and the job ends
 * as this function does. An error that it catches and does not throw again makes the job a success; one that it does not
 * look at, having forgotten the `await`, makes it a failure.
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

/** A middleware called `next()` when it had ended itself, and the job with it: nobody would hear how that run ends. */
export class NextCalledTooLateError extends WorkError {
  readonly code = 'WORK_NEXT_TOO_LATE';

  constructor(
    readonly jobName: string,
    middlewareName: string,
  ) {
    super(
      `Middleware ${middlewareName || '(without a name)'} called next() for a job ${JSON.stringify(jobName)} after it had ended, ` +
        'so the job was not run. Await what comes before next(), and next() itself.',
    );
  }
}

/** One function of a handler and what wraps it, the first middleware outermost. */
export function compose(middleware: readonly Middleware[], handler: JobHandler): JobHandler {
  return middleware.reduceRight<JobHandler>((rest, each) => (run) => wrap(each, rest, run), handler);
}

/**
 * A middleware that forgot to await what it called fails with it, whether that has ended or still runs, for which it waits:
 * else the job would count as done. One that throws ends the run at once, as a time limit means to.
 */
async function wrap(middleware: Middleware, rest: JobHandler, run: JobRun): Promise<unknown> {
  let inner: WatchedPromise<unknown> | undefined;
  let runs = false;
  let isOver = false;
  const callRest = async () => {
    runs = true;
    try {
      return await rest(run);
    } finally {
      runs = false;
    }
  };
  const next = () => {
    // Whoever calls late may be a timer, where nobody catches what is thrown.
    if (isOver) return Promise.reject(new NextCalledTooLateError(run.name, middleware.name));
    if (inner) throw new NextCalledTwiceError(run.name, middleware.name);
    return (inner = WatchedPromise.of(callRest()));
  };
  let result: unknown;
  try {
    result = await middleware(run, next);
  } finally {
    isOver = true;
  }
  if (inner && (runs || !inner.isWatched)) await inner.ended();
  return result;
}

import type { JobContext } from '../context/index.js';

/**
 * Wraps the run of every job. Write it as an injectable class, provide it in any module, and name it under `middleware` of
 * the module's options; they run in that order, the first one outermost, before guards, interceptors and pipes.
 *
 * `next()` runs the rest, once; where it is not called the rest is skipped, and the job ends as `use` does. An error that
 * `use` catches and does not throw again makes the job a success.
 *
 * @example
 * @Injectable()
 * export class Timed implements WorkMiddleware {
 *   async use(job: JobContext, next: () => Promise<unknown>) {
 *     const started = performance.now();
 *     try {
 *       return await next();
 *     } finally {
 *       job.log.debug?.(`took ${performance.now() - started} ms`);
 *     }
 *   }
 * }
 */
export interface WorkMiddleware {
  use(job: JobContext, next: () => Promise<unknown>): unknown;
}

import { WorkError } from '#protocol';

/** Nest would silently skip a guard, interceptor, pipe or filter of a job handler, so the application does not start. */
export class SkippedEnhancerError extends WorkError {
  readonly code = 'WORK_SKIPPED_ENHANCER';

  constructor(
    readonly place: string,
    readonly enhancer: string,
    reason: string,
  ) {
    super(`${place}: ${enhancer} would not run, because ${reason}`);
  }
}

import type { JobContext } from '../context/index.js';
import type { PeriodicOptions } from '../options/job-options.js';
import { declare } from './declaration.js';
import { declaredMethod } from './declared-method.js';

/** The second form is for a method that carries `@Job` too: a tick has no arguments. */
type PeriodicMethod =
  | ((job: JobContext, ...decorated: never[]) => unknown)
  | ((args: null, job: JobContext, ...decorated: never[]) => unknown);

/**
 * Enqueues a job at each time that the expression names, once over all processes, and makes the method its handler. It is
 * called with the JobContext; where `@Job` stands on the same method, with `null` and the JobContext.
 *
 * Several may stand on one method. The job's name on the wire is that of `@Job` on the same method, else
 * `<Class>.<method>`: set `name` wherever code is minified or a Go service shares the spec.
 *
 * @param expression 5 or 6 fields (seconds first when 6), `@hourly` and the like, or `@every 90s`
 *
 * @example
 * @Periodic('0 9 * * 1-5', { timezone: 'Europe/Berlin' })
 * async remind(job: JobContext) { … }
 */
export function Periodic(expression: string, options: PeriodicOptions = {}) {
  return <M extends PeriodicMethod>(
    target: object,
    method: string | symbol,
    descriptor: TypedPropertyDescriptor<M>,
  ): void => {
    const declared = declaredMethod(`@Periodic(${JSON.stringify(expression)})`, target, method, descriptor);
    declare(target, { kind: 'periodic', expression, options, ...declared });
  };
}

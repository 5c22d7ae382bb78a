import type { JobArguments } from '#engine';
import type { JobContext } from '../context/index.js';
import type { JobOptions } from '../options/job-options.js';
import { declare } from './declaration.js';
import { declaredMethod } from './declared-method.js';

type Declared = Extract<keyof JobArguments, string>;

/**
 * Makes the method the handler of jobs of this name. It is called with the job's arguments and its JobContext; what it
 * returns is not kept; what it throws makes the attempt a failed one.
 *
 * It may stand on any provider or controller: request-scoped, durable and transient ones, classes behind a token, what
 * useFactory and useValue give, and on inherited methods; several times on one method, and beside `@Periodic`. Not seen:
 * request-scoped useFactory providers (no class is known before they are resolved) and modules that are loaded lazily.
 *
 * Guards, interceptors, pipes and filters on the method or its class apply: `getType()` is `'work'`, `getArgs()` is
 * `[args, job]`, also as `switchToRpc().getData()` and `getContext()`. A filter runs for its effect: what it throws replaces
 * the error, and nothing that it returns makes a failed job a done one. Arguments are validated before any pipe. A
 * ValidationPipe with `validateCustomDecorators: true` would make another object of the JobContext.
 *
 * @param name what the job is called on the wire, 1 to 128 characters
 *
 * @example
 * @Job('send_email', { maxFails: 10 })
 * async send(mail: SendEmailDto, job: JobContext) { … }
 */
export function Job<N extends string>(name: N, options: JobOptions = {}) {
  return <
    M extends (args: N extends Declared ? JobArguments[N] : never, job: JobContext, ...decorated: never[]) => unknown,
  >(
    target: object,
    method: string | symbol,
    descriptor: TypedPropertyDescriptor<M>,
  ): void => {
    const declared = declaredMethod(`@Job(${JSON.stringify(name)})`, target, method, descriptor);
    declare(target, { kind: 'job', name, options, ...declared });
  };
}

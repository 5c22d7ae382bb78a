import type { MethodName } from '../decorators/declaration.js';
import type { JobOptions } from '../options/job-options.js';
import type { ArgumentsClass } from './arguments-class.js';
import type { ProvidedClass } from './provided-class.js';

/** A method that handles jobs, on the provider whose instance it runs on. */
export interface HandlerMethod {
  readonly provided: ProvidedClass;
  readonly method: MethodName;
  readonly declaredOn: object;
  /** Whether it is called as `(args, job)`; a method that is only periodic is called as `(job)`. */
  readonly takesArguments: boolean;
}

export interface Schedule {
  readonly expression: string;
  readonly timezone: string | undefined;
}

/** One job of the application: all that its declarations say. */
export interface DiscoveredJob {
  readonly name: string;
  readonly instance: string | undefined;
  /** For messages, for example `@Job("send_email") on MailService.send`. */
  readonly place: string;
  readonly handler: HandlerMethod;
  readonly options: JobOptions;
  readonly arguments: ArgumentsClass;
  readonly schedules: readonly Schedule[];
}

export function handlerLabel({ provided, method }: HandlerMethod): string {
  return `${provided.className}.${String(method)}`;
}

import { JobContext } from '../context/index.js';
import { InvalidJobDeclarationError } from '../errors/index.js';
import type { JobOptions } from '../options/job-options.js';
import type { HandlerMethod } from './discovered-job.js';

/**
 * A tick has no arguments. Where the compiler wrote the types of the parameters, a method that cannot take what a tick gives
 * it shows here, and not when it is first due.
 *
 * @throws InvalidJobDeclarationError saying what to write
 */
export function refuseWrongParameters(
  place: string,
  { declaredOn, method, takesArguments }: HandlerMethod,
  args: JobOptions['args'],
): void {
  const types = Reflect.getMetadata('design:paramtypes', declaredOn, method) as unknown[] | undefined;
  if (!types || types.length === 0) return;
  const [first, second] = types;
  // Array: a rest parameter
  const mayBeContext = [JobContext, Object, Array].includes(first as typeof JobContext);
  if (!takesArguments && !mayBeContext && (typeof first === 'function' || second === JobContext))
    throw new InvalidJobDeclarationError(
      place,
      'a method that is only periodic has no arguments, and gets the JobContext as its first parameter. Write ' +
        '(job: JobContext).',
    );
  // Without strictNullChecks "SomeDto | null" is written as SomeDto: who names the class has thought of it.
  if (takesArguments && args === undefined && typeof first === 'function' && first !== Object)
    throw new InvalidJobDeclarationError(
      place,
      `a tick calls it with null for its arguments, and its first parameter is a ${first.name}. Write (args: ${first.name} | null, ` +
        `job: JobContext) with { args: ${first.name} } on @Job, or put @Periodic on a method of its own.`,
    );
}

import { assertJobName, doesNotExist, InvalidCronError, InvalidJobNameError, PeriodicSpec } from '#protocol';
import { decoratorLabel, type Declaration, type PeriodicDeclaration } from '../decorators/declaration.js';
import { InvalidJobDeclarationError } from '../errors/index.js';
import { JOB_OPTIONS, PERIODIC_OPTIONS } from '../options/job-options.js';
import { argumentsClass, type ArgumentsClass } from './arguments-class.js';
import type { DeclaredMethod } from './declared-methods.js';
import { handlerLabel, type DiscoveredJob, type HandlerMethod, type Schedule } from './discovered-job.js';
import { mergedOptions } from './merged-options.js';
import { refuseWrongParameters } from './periodic-parameters.js';
import type { ProvidedClass } from './provided-class.js';

/** The jobs that one method handles: one per name, however many declarations it has. */
export function jobsOfMethod(provided: ProvidedClass, found: DeclaredMethod): DiscoveredJob[] {
  const takesArguments = found.declarations.some((each) => each.kind === 'job');
  const handler = { provided, method: found.method, declaredOn: found.declaredOn, takesArguments };
  const byName = new Map<string, Declaration[]>();
  for (const each of found.declarations) {
    refuseUnknownOption(each, handler);
    const name = nameOf(each, found.declarations, handler);
    byName.set(name, [...(byName.get(name) ?? []), each]);
  }
  return [...byName].map(([name, declarations]) => jobOf(name, declarations, handler));
}

function jobOf(name: string, declarations: readonly Declaration[], handler: HandlerMethod): DiscoveredJob {
  const place = placeOf(declarations[0] as Declaration, handler);
  const options = mergedOptions(
    place,
    declarations.map((each) => each.options),
  );
  const schedules = declarations
    .filter((each) => each.kind === 'periodic')
    .map((each) => scheduleOf(each, name, handler));
  const args = argumentsOf(place, options.args, handler);
  if (schedules.length > 0) refuseWrongParameters(place, handler, options.args);
  return { name, instance: options.instance, place, handler, options, arguments: args, schedules };
}

/** A variable is not checked as a literal is: a mistyped option would be one that is not given. */
function refuseUnknownOption(declaration: Declaration, handler: HandlerMethod): void {
  const known: readonly string[] = declaration.kind === 'job' ? JOB_OPTIONS : PERIODIC_OPTIONS;
  const unknown = Object.keys(declaration.options).find((option) => !known.includes(option));
  if (unknown === undefined) return;
  const problem = `option ${JSON.stringify(unknown)} ${doesNotExist(unknown, known)}`;
  throw new InvalidJobDeclarationError(placeOf(declaration, handler), problem);
}

function argumentsOf(place: string, given: DiscoveredJob['options']['args'], handler: HandlerMethod): ArgumentsClass {
  if (!handler.takesArguments) return { kind: 'none' };
  return argumentsClass(place, given, handler.declaredOn, handler.method);
}

function nameOf(declaration: Declaration, all: readonly Declaration[], handler: HandlerMethod): string {
  const place = placeOf(declaration, handler);
  const name = declaration.kind === 'job' ? declaration.name : periodicName(declaration, all, handler, place);
  return refusing(place, InvalidJobNameError, () => {
    assertJobName(name);
    return name;
  });
}

function periodicName(
  { options }: PeriodicDeclaration,
  all: readonly Declaration[],
  handler: HandlerMethod,
  place: string,
): string {
  if (options.name !== undefined) return options.name;
  const names = all.filter((each) => each.kind === 'job').map((each) => each.name);
  if (names.length > 1) {
    throw new InvalidJobDeclarationError(
      place,
      `it may belong to ${names.join(' or ')}. Give it one of these as "name".`,
    );
  }
  if (names.length === 0 && typeof handler.method === 'symbol') {
    throw new InvalidJobDeclarationError(
      place,
      'a method named by a symbol gives no name to its job. Give it a "name".',
    );
  }
  return names[0] ?? handlerLabel(handler);
}

function scheduleOf({ expression, options }: PeriodicDeclaration, jobName: string, handler: HandlerMethod): Schedule {
  const { timezone } = options;
  const place = `@Periodic(${JSON.stringify(expression)}) on ${handlerLabel(handler)}`;
  return refusing(place, InvalidCronError, () => {
    new PeriodicSpec(expression, { timezone, jobName });
    return { expression, timezone };
  });
}

function placeOf(declaration: Declaration, handler: HandlerMethod): string {
  return `${decoratorLabel(declaration)} on ${handlerLabel(handler)}`;
}

/** What the wire refuses, said with class and method. */
function refusing<T>(place: string, type: abstract new (...args: never[]) => Error, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof type)) throw error;
    throw new InvalidJobDeclarationError(place, error.message);
  }
}

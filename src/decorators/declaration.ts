import type { JobOptions, PeriodicOptions } from '../options/job-options.js';

export type MethodName = string | symbol;
export type Method = (...args: never[]) => unknown;

interface DeclaredMethod {
  readonly method: MethodName;
  /** The function that the decorator found, before decorators above it wrapped it. */
  readonly decorated: Method;
}

export interface JobDeclaration extends DeclaredMethod {
  readonly kind: 'job';
  readonly name: string;
  readonly options: JobOptions;
}

export interface PeriodicDeclaration extends DeclaredMethod {
  readonly kind: 'periodic';
  readonly expression: string;
  readonly options: PeriodicOptions;
}

export type Declaration = JobDeclaration | PeriodicDeclaration;

/** The same in every copy of this package that a process may hold. */
const DECLARATIONS = Symbol.for('nestjs-work:declarations');

/**
 * Adds to the list that the prototype itself keeps. Metadata of the method would hold one declaration only, would be lost
 * when another decorator wraps the method, and is not looked for on methods named by a symbol.
 */
export function declare(prototype: object, declaration: Declaration): void {
  const list = declarationsOf(prototype);
  Object.defineProperty(prototype, DECLARATIONS, { value: [...list, declaration], configurable: true });
}

/** What stands on this prototype itself, not on those that it extends. In the order in which decorators run: the lowest first. */
export function declarationsOf(prototype: object): readonly Declaration[] {
  return (Object.getOwnPropertyDescriptor(prototype, DECLARATIONS)?.value ?? []) as Declaration[];
}

/** How a declaration is called in messages. */
export function decoratorLabel(declaration: Declaration): string {
  return declaration.kind === 'job'
    ? `@Job(${JSON.stringify(declaration.name)})`
    : `@Periodic(${JSON.stringify(declaration.expression)})`;
}

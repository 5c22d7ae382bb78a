import type { Type } from '@nestjs/common';
import { JobContext } from '../context/index.js';
import type { Method, MethodName } from '../decorators/declaration.js';
import { InvalidJobDeclarationError } from '../errors/index.js';

/** What is known of the arguments that a handler takes. */
export type ArgumentsClass =
  | { readonly kind: 'class'; readonly type: Type }
  /** The handler takes none, or `args: null` says that they pass as they are. */
  | { readonly kind: 'none' }
  /** It takes some, of a type that is not there at run time: they pass as they are, and the start says so. */
  | { readonly kind: 'unknown'; readonly reason: string };

/** What the compiler writes for a parameter that cannot be a job's arguments, which are an object or null. */
const IMPOSSIBLE: readonly unknown[] = [
  String,
  Number,
  Boolean,
  Array,
  BigInt,
  Symbol,
  Function,
  Date,
  Map,
  Set,
  Promise,
];

const NO_CLASS = 'their type is no class (an interface, a type alias, a union with null, or object)';

const NONE: ArgumentsClass = { kind: 'none' };

/**
 * @param given the option `args`
 * @throws InvalidJobDeclarationError where the first parameter can never be a job's arguments
 */
export function argumentsClass(
  place: string,
  given: Type | null | undefined,
  declaredOn: object,
  method: MethodName,
): ArgumentsClass {
  const types = Reflect.getMetadata('design:paramtypes', declaredOn, method) as unknown[] | undefined;
  refuseContextFirst(place, types?.[0]);
  if (given === null) return NONE;
  if (given !== undefined) return { kind: 'class', type: assertClass(place, given) };
  return types ? fromTypes(place, types) : withoutTypes(declaredOn, method);
}

function refuseContextFirst(place: string, first: unknown): void {
  if (first !== JobContext) return;
  throw new InvalidJobDeclarationError(
    place,
    'the first parameter is the arguments and the second the JobContext. Write (args: SomeDto, job: JobContext), or ' +
      '(args: null, job: JobContext) where there are none.',
  );
}

function assertClass(place: string, given: unknown): Type {
  if (typeof given !== 'function' || IMPOSSIBLE.includes(given)) {
    throw new InvalidJobDeclarationError(place, '"args" must be the class of the arguments, or null for none.');
  }
  return given as Type;
}

/** The compiler writes undefined for `null`, `undefined` and `void`, and Object for whatever is not one class. */
function fromTypes(place: string, types: readonly unknown[]): ArgumentsClass {
  const [first] = types;
  if (first === undefined) return NONE;
  if (IMPOSSIBLE.includes(first)) {
    throw new InvalidJobDeclarationError(
      place,
      `the first parameter is a ${(first as { name: string }).name}, but arguments are an object. Wrap it in a class.`,
    );
  }
  if (first !== Object) return { kind: 'class', type: first as Type };
  return { kind: 'unknown', reason: NO_CLASS };
}

/** esbuild and tools on it write no types; `length` counts the parameters before the first default value. */
function withoutTypes(declaredOn: object, method: MethodName): ArgumentsClass {
  const handler = (declaredOn as Record<MethodName, Method>)[method];
  if (!handler || handler.length === 0) return NONE;
  return { kind: 'unknown', reason: 'this build has no decorator metadata' };
}

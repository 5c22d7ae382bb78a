import type { ProvidedClass } from './provided-class.js';

/** Where Nest looks for what to inject: what the compiler wrote, what `@Inject` says, what `@Optional` says. */
const TYPES = 'design:paramtypes';
const INJECTED = 'self:paramtypes';
const OPTIONAL = 'optional:paramtypes';

/** A parameter of a constructor for which Nest passes undefined, without a word. */
export interface UntoldParameter {
  /** Its place, from 0. */
  readonly index: number;
  /** Some decorator is on the class already: then the build writes no metadata. */
  readonly isDecorated: boolean;
}

/**
 * The first parameter of a handler's constructor of which nothing says what it is. Whatever is constructed by somebody else (a
 * factory, a value) is left out, as are parameters with default values, from the first of them on, which `length` does not count.
 */
export function untoldParameter({ wrapper }: Pick<ProvidedClass, 'wrapper'>): UntoldParameter | undefined {
  if (wrapper.isNotMetatype) return undefined;
  const type = wrapper.metatype as abstract new (...args: never[]) => unknown;
  const told = new Set(toldIndexes(type));
  const index = Array.from({ length: type.length }, (_, at) => at).find((at) => !told.has(at));
  if (index === undefined) return undefined;
  return { index, isDecorated: Reflect.getOwnMetadataKeys(type).length > 0 };
}

/** Of a class without a constructor of its own, Reflect finds those of the class that it extends. */
function toldIndexes(type: object): number[] {
  const of = <T>(key: string) => (Reflect.getMetadata(key, type) ?? []) as readonly T[];
  const injected = of<{ readonly index: number }>(INJECTED).map(({ index }) => index);
  return [...of(TYPES).keys(), ...injected, ...of<number>(OPTIONAL)];
}

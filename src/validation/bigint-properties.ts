import type { Type } from '@nestjs/common';
import type { ValidationLibrary } from './validation-library.js';

/** Where a class has properties of type `bigint`: in itself, or in the classes of its properties. */
export interface BigIntShape {
  readonly own: ReadonlySet<string>;
  readonly nested: ReadonlyMap<string, BigIntShape>;
}

/**
 * Read from the compiler's `design:type` of each decorated property. Undefined where there is none, which is almost
 * always: then the arguments need no reading of their own.
 */
export function bigIntShape(
  type: Type,
  library: ValidationLibrary,
  above: readonly Type[] = [],
): BigIntShape | undefined {
  if (above.includes(type)) return undefined;
  const own = new Set<string>();
  const nested = new Map<string, BigIntShape>();
  for (const property of decoratedProperties(type, library)) {
    const designType = Reflect.getMetadata('design:type', type.prototype as object, property) as unknown;
    if (designType === BigInt) own.add(property);
    const child = library.transforms?.typeOf(type, property) ?? designType;
    const shape = isUserClass(child) ? bigIntShape(child, library, [...above, type]) : undefined;
    if (shape) nested.set(property, shape);
  }
  return own.size > 0 || nested.size > 0 ? { own, nested } : undefined;
}

function decoratedProperties(type: Type, { validator }: ValidationLibrary): Set<string> {
  const metadata = validator.getMetadataStorage().getTargetValidationMetadatas(type, '', false, false);
  return new Set(metadata.map((each) => each.propertyName));
}

const NO_USER_CLASSES: readonly unknown[] = [Object, Array, String, Number, Boolean, BigInt, Date, Map, Set, Promise];

function isUserClass(type: unknown): type is Type {
  return typeof type === 'function' && !NO_USER_CLASSES.includes(type);
}

/** `value`, with bigint at the places of `shape`, and numbers (as JSON.parse makes them) at all others. */
export function withBigIntegers(value: unknown, shape: BigIntShape | undefined): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map((item) => withBigIntegers(item, shape));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, propertyValue(key, child, shape)]));
}

function propertyValue(key: string, child: unknown, shape: BigIntShape | undefined): unknown {
  if (!shape?.own.has(key)) return withBigIntegers(child, shape?.nested.get(key));
  if (typeof child === 'bigint') return child;
  return Number.isInteger(child) ? BigInt(child as number) : withBigIntegers(child, undefined);
}

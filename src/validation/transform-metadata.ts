import type { Type } from '@nestjs/common';

/** What class-transformer's decorators say of a class. */
export interface TransformMetadata {
  /** Whether the class, or one that it extends, has any of them: `@Type`, `@Transform`, `@Expose`, `@Exclude`. */
  hasAny(type: Type): boolean;
  /** The properties that carry `@Type`, inherited ones included. */
  propertiesOf(type: Type): string[];
  /** The class that `@Type` names for a property; undefined too where it depends on the object. */
  typeOf(type: Type, property: string): Type | undefined;
  /** Whether it carries `@Transform`. */
  isTransformed(type: Type, property: string): boolean;
  /** Whether any property does: what a transformation reads besides its own property is not known. */
  hasTransform(type: Type): boolean;
  /** Under which other name `@Expose` reads a property. */
  exposedName(type: Type, property: string): string | undefined;
}

type ByProperty = Map<unknown, Map<string | undefined, unknown>>;
type Storage = Record<(typeof MAPS)[number], ByProperty> & {
  findTypeMetadata(type: Type, property: string): { typeFunction?: () => unknown } | undefined;
  findExposeMetadata(type: Type, property: string): { options?: { name?: string } } | undefined;
};

const MAPS = ['_typeMetadatas', '_transformMetadatas', '_exposeMetadatas', '_excludeMetadatas'] as const;

/**
 * The one read of what class-transformer does not export. Undefined where it is not as it was, or is not the copy that
 * the application's decorators write to (a bundler's second one).
 */
export async function readTransformMetadata(
  transformer: typeof import('class-transformer'),
): Promise<TransformMetadata | undefined> {
  const storage = await loadStorage();
  if (!storage || !MAPS.every((name) => storage[name] instanceof Map)) return undefined;
  const metadata = asMetadata(storage);
  return isLive(metadata, transformer) ? metadata : undefined;
}

async function loadStorage(): Promise<Storage | undefined> {
  try {
    const path = 'class-transformer/cjs/storage.js';
    const loaded = (await import(path)) as {
      defaultMetadataStorage?: Storage;
      default?: { defaultMetadataStorage: Storage };
    };
    return loaded.defaultMetadataStorage ?? loaded.default?.defaultMetadataStorage;
  } catch {
    return undefined;
  }
}

function asMetadata(storage: Storage): TransformMetadata {
  const hasOwn = (type: unknown) => MAPS.some((name) => (storage[name].get(type)?.size ?? 0) > 0);
  return {
    hasAny: (type) => ancestry(type).some(hasOwn),
    propertiesOf: (type) =>
      ancestry(type).flatMap((each) => [...(storage._typeMetadatas.get(each)?.keys() ?? [])].filter(isText)),
    typeOf: (type, property) => typeFrom(storage.findTypeMetadata(type, property)?.typeFunction),
    isTransformed: (type, property) =>
      ancestry(type).some((each) => storage._transformMetadatas.get(each)?.has(property)),
    hasTransform: (type) => ancestry(type).some((each) => (storage._transformMetadatas.get(each)?.size ?? 0) > 0),
    exposedName: (type, property) => storage.findExposeMetadata(type, property)?.options?.name,
  };
}

function typeFrom(typeFunction: (() => unknown) | undefined): Type | undefined {
  try {
    return typeFunction?.() as Type | undefined;
  } catch {
    return undefined; // it asks for the object
  }
}

function isText(property: string | undefined): property is string {
  return property !== undefined;
}

function ancestry(type: unknown): unknown[] {
  const classes: unknown[] = [];
  for (let at = type; typeof at === 'function' && at !== Function.prototype; at = Object.getPrototypeOf(at))
    classes.push(at);
  return classes;
}

function isLive(metadata: TransformMetadata, { Type: decorate }: typeof import('class-transformer')): boolean {
  class Probe {}
  if (metadata.hasAny(Probe)) return false;
  decorate(() => Date)(Probe.prototype, 'at');
  return metadata.hasAny(Probe);
}

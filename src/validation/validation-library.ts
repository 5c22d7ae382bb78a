import 'reflect-metadata';
import { readTransformMetadata, type TransformMetadata } from './transform-metadata.js';

/** class-validator and class-transformer, which an application may have or not. */
export interface ValidationLibrary {
  readonly validator: typeof import('class-validator');
  readonly transformer: typeof import('class-transformer');
  /** What class-transformer's decorators say of a class, where it can be read. */
  readonly transforms: TransformMetadata | undefined;
}

let loading: Promise<ValidationLibrary | undefined> | undefined;

/** Loads both, once per process; undefined where the application has not both of them. */
export function loadValidationLibrary(): Promise<ValidationLibrary | undefined> {
  return (loading ??= load());
}

async function load(): Promise<ValidationLibrary | undefined> {
  const validator = await loadOptional('class-validator', () => import('class-validator'));
  const transformer = await loadOptional('class-transformer', () => import('class-transformer'));
  if (!validator || !transformer) return undefined;
  return { validator, transformer, transforms: await readTransformMetadata(transformer) };
}

/** What import() gives of a CommonJS package: its names where Node could find them, else all under `default`. */
async function loadOptional<T extends object>(name: string, load: () => Promise<T>): Promise<T | undefined> {
  try {
    const loaded = (await load()) as T & { default?: T };
    return loaded.default && Object.keys(loaded).length === 1 ? loaded.default : loaded;
  } catch (error) {
    if (isMissing(error, name)) return undefined;
    throw error;
  }
}

function isMissing(error: unknown, name: string): boolean {
  const { code, message } = error as { code?: unknown; message?: unknown };
  const isNotFound = code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND';
  return isNotFound && String(message).includes(`'${name}'`);
}

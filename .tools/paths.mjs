import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's top folder. */
export const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

/** What may be deleted at any time and is made again when it is needed. */
export const cacheFolder = resolve(root, '.cache');

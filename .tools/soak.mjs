import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildLibraryIfStale } from './build/library.mjs';
import { root } from './paths.mjs';

/** Runs the soak against dist, the package as it is published. */
export async function runSoak(args) {
  await buildLibraryIfStale();
  const file = join(root, 'test/chaos/soak.mjs');
  process.argv = [process.execPath, file, ...args];
  await import(pathToFileURL(file).href);
}

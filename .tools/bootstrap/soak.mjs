import { join } from 'node:path';
import { buildLibraryIfStale } from '../build/library.mjs';
import { root } from '../paths.mjs';
import { runToEnd } from '../processes/run-to-end.mjs';

/** Runs the soak against dist, the package as it is published. Its exit code is the soak's. */
export async function runSoak(args) {
  await buildLibraryIfStale();
  return await runToEnd(join(root, 'test/chaos/soak.mjs'), args, {});
}

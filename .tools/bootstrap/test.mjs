import { createRequire } from 'node:module';
import { join } from 'node:path';
import { root } from '../paths.mjs';

/** Runs jest in this process. Its workers end with it, and so does the Redis of the run. */
export async function runTests(args) {
  process.chdir(root);
  process.env.NODE_ENV ??= 'test';
  process.argv = [process.execPath, join(root, 'node_modules/jest/bin/jest.js'), ...args];
  createRequire(import.meta.url)('jest').run(args);
}

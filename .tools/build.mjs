// Makes dist/esm and dist/cjs, what is published.
//
//   node .tools/build.mjs             build
//   node .tools/build.mjs --if-stale  only if a source has changed since
import { buildLibrary, buildLibraryIfStale } from './build/library.mjs';

const task = process.argv.includes('--if-stale') ? buildLibraryIfStale : buildLibrary;
await task().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});

// Makes dist/esm and dist/cjs, what is published.
//
//   node .tools/build.mjs             build
//   node .tools/build.mjs --if-stale  only if a source has changed since
import { installIfNeeded } from './bootstrap/install.mjs';
import { useLibrary } from './build/library.mjs';
import { endAtSignals } from './processes/signals.mjs';

endAtSignals();
try {
  await installIfNeeded();
  const isFresh = !process.argv.includes('--if-stale');
  await useLibrary({ isFresh }, () => {});
  if (isFresh) console.log('Built dist/esm and dist/cjs.');
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}

// The sample app is compiled against dist, the package as it is published, and runs against it.
import { join } from 'node:path';
import { root } from '../paths.mjs';
import { Fingerprint, sourcesIn } from './fingerprint.mjs';
import { buildLibraryIfStale } from './library.mjs';
import { alone } from './lock.mjs';
import { compile, inWorkFolder, swapIn } from './steps.mjs';

const target = join(root, 'dist/sample-app');
const fingerprint = new Fingerprint(join(root, 'dist/sample-app.fingerprint'), () => [
  'dist/library.fingerprint',
  'sample-app/tsconfig.app.json',
  ...sourcesIn('.tools/build', 'sample-app'),
]);

export async function buildSampleAppIfStale() {
  await buildLibraryIfStale();
  await alone('sample-app', build);
}

async function build() {
  if (!fingerprint.isStale()) return;
  const state = fingerprint.now();
  await inWorkFolder(async (work) => {
    await compile('sample-app/tsconfig.app.json', join(work, 'sample-app'));
    fingerprint.forget();
    swapIn(join(work, 'sample-app'), target);
  });
  fingerprint.keep(state);
}

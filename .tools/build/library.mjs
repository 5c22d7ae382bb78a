// The same source by two runs of tsc. A require() and an import of the package meet in dist/esm (condition
// "module-sync"), so there is one identity of each class; dist/cjs is for Jest and older bundlers. There is one tree of
// declarations, in dist/cjs: two would be two `JobArguments` and two `Enqueuer` to TypeScript.
import { join } from 'node:path';
import { generateScripts } from '../generate-scripts.mjs';
import { root } from '../paths.mjs';
import { finishCommonJs, finishEsModules } from './finish.mjs';
import { Fingerprint, sourcesIn } from './fingerprint.mjs';
import { alone } from './lock.mjs';
import { compile, inWorkFolder, swapIn } from './steps.mjs';

const dist = join(root, 'dist');
const configs = ['package.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.build.json', 'tsconfig.cjs.json'];
const fingerprint = new Fingerprint(join(dist, 'library.fingerprint'), () => [
  ...configs,
  ...sourcesIn('.tools/build', 'src', 'libs'),
]);

export const buildLibraryIfStale = () => useLibrary({ isFresh: false }, () => {});

/** Lets `use` have dist while nobody replaces it, built anew or, where that will do, up to date. */
export async function useLibrary({ isFresh }, use) {
  return await alone('library', async () => {
    generateScripts();
    if (isFresh || fingerprint.isStale()) await build();
    return await use();
  });
}

async function build() {
  const state = fingerprint.now();
  await inWorkFolder(async (work) => {
    await Promise.all([
      compile('tsconfig.build.json', join(work, 'esm')),
      compile('tsconfig.cjs.json', join(work, 'cjs')),
    ]);
    finishCommonJs(join(work, 'cjs'));
    finishEsModules(join(work, 'esm'), join(work, 'cjs'));
    fingerprint.forget();
    for (const half of ['esm', 'cjs']) swapIn(join(work, half), join(dist, half));
  });
  fingerprint.keep(state);
}

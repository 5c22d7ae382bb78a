import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { output } from '../commands.mjs';
import { cacheFolder, root } from '../paths.mjs';

/** Runs tsc; rejects with its complaints. */
export const compile = (config, outDir) =>
  output(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', config, '--outDir', outDir], {
    cwd: root,
  });

/** What is being made stands aside until it is whole: whoever uses dist meanwhile sees the old or the new one. */
export async function inWorkFolder(make) {
  const work = join(cacheFolder, `build-${process.pid}`);
  try {
    await make(work);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

export function swapIn(from, to) {
  mkdirSync(dirname(to), { recursive: true });
  rmSync(to, { recursive: true, force: true });
  renameSync(from, to);
}

import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { cacheFolder, root } from '../paths.mjs';
import { output } from '../processes/commands.mjs';
import { isAlive } from '../processes/is-alive.mjs';

const PREFIX = 'build-';

/** Runs tsc; rejects with its complaints. */
export const compile = (config, outDir) =>
  output(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', config, '--outDir', outDir], {
    cwd: root,
  });

/** What is being made stands aside until it is whole: whoever uses dist meanwhile sees the old or the new one. */
export async function inWorkFolder(make) {
  removeAbandoned();
  const work = mkdtempSync(join(cacheFolder, `${PREFIX}${process.pid}-`));
  try {
    return await make(work);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** What builds that were broken off have left. */
function removeAbandoned() {
  mkdirSync(cacheFolder, { recursive: true });
  for (const name of readdirSync(cacheFolder).filter((each) => each.startsWith(PREFIX))) {
    if (!isAlive(Number.parseInt(name.slice(PREFIX.length), 10)))
      rmSync(join(cacheFolder, name), { recursive: true, force: true });
  }
}

export function swapIn(from, to) {
  mkdirSync(dirname(to), { recursive: true });
  rmSync(to, { recursive: true, force: true });
  renameSync(from, to);
}

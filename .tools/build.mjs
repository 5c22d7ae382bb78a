// Makes dist/esm and dist/cjs: the same source by two runs of tsc. A require() and an import of the package meet in
// dist/esm (condition "module-sync"), so there is one identity of each class; dist/cjs is for Jest and older bundlers.
// There is one tree of declarations, in dist/cjs: two would be two `JobArguments` and two `Enqueuer` to TypeScript.
//
//   node .tools/build.mjs             build
//   node .tools/build.mjs --if-stale  only if a source has changed since
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { filesIn } from './build/files.mjs';
import { finishCommonJs, finishEsModules } from './build/finish.mjs';
import { output } from './commands.mjs';
import { generateScripts } from './generate-scripts.mjs';
import { cacheFolder, root } from './paths.mjs';

const dist = join(root, 'dist');
const stamp = join(dist, 'fingerprint');
const configs = ['package.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.build.json', 'tsconfig.cjs.json'];

export async function build() {
  generateScripts();
  const fingerprint = fingerprintOfSources();
  const work = join(cacheFolder, `build-${process.pid}`);
  try {
    await Promise.all([
      compile('tsconfig.build.json', join(work, 'esm')),
      compile('tsconfig.cjs.json', join(work, 'cjs')),
    ]);
    finishCommonJs(join(work, 'cjs'));
    finishEsModules(join(work, 'esm'), join(work, 'cjs'));
    rmSync(stamp, { force: true });
    for (const half of ['esm', 'cjs']) swapIn(join(work, half), join(dist, half));
    writeFileSync(stamp, fingerprint);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

export async function buildIfStale() {
  generateScripts();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === fingerprintOfSources()) return;
  console.log('Building dist …');
  await build();
}

const compile = (config, outDir) =>
  output(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', config, '--outDir', outDir], {
    cwd: root,
  });

function swapIn(from, to) {
  mkdirSync(dirname(to), { recursive: true });
  rmSync(to, { recursive: true, force: true });
  renameSync(from, to);
}

function fingerprintOfSources() {
  const hash = createHash('sha256');
  const buildFiles = filesIn(join(root, '.tools')).filter((file) => /build/.test(relative(root, file)));
  for (const file of [...configs.map((name) => join(root, name)), ...buildFiles, ...sources()]) {
    hash.update(`${relative(root, file)}\n`).update(readFileSync(file));
  }
  return hash.digest('hex');
}

const sources = () =>
  ['src', 'libs']
    .flatMap((folder) => filesIn(join(root, folder)))
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'));

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await (process.argv.includes('--if-stale') ? buildIfStale() : build()).catch((error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}

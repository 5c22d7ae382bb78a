import { transformFile } from '@swc/core';
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';

const root = join(__dirname, '../..');
const LAYERS = ['protocol', 'store', 'engine'];

export interface CompiledLibs {
  /** Path of a compiled file, named by its source: `engine/clock.ts`. */
  file(source: string): string;
  remove(): Promise<void>;
}

/** libs/ as CommonJS in a folder of its own: a worker thread runs files, not what jest makes of them in memory. */
export async function compiledLibs(): Promise<CompiledLibs> {
  const folder = await mkdtemp(join(tmpdir(), 'nestjs-work-libs-'));
  const imports = Object.fromEntries(LAYERS.map((layer) => [`#${layer}`, `./${layer}/index.js`]));
  await writeFile(join(folder, 'package.json'), JSON.stringify({ type: 'commonjs', imports }));
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  for (const layer of LAYERS) await compile(join(root, 'libs', layer), join(folder, layer));
  const file = (source: string) => join(folder, source.replace(/\.ts$/, '.js'));
  return { file, remove: () => rm(folder, { recursive: true, force: true }) };
}

async function compile(from: string, to: string): Promise<void> {
  const entries = await readdir(from, { recursive: true, withFileTypes: true });
  const sources = entries
    .filter((entry) => entry.isFile() && /(?<!\.spec)\.ts$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
  for (const source of sources) {
    const { code } = await transformFile(source, {
      jsc: { target: 'es2022', parser: { syntax: 'typescript', decorators: true } },
      module: { type: 'commonjs' },
    });
    const target = join(to, relative(from, source).replace(/\.ts$/, '.js'));
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, code);
  }
}

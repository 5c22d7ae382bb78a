import { transformFile } from '@swc/core';
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';

const root = join(__dirname, '../..');
const LAYERS = ['protocol', 'store', 'engine'];

export interface CompiledSources {
  /** Path of a compiled file, named by its source: `libs/engine/clock.ts`. */
  file(source: string): string;
  remove(): Promise<void>;
}

/**
 * Folders of this repository as CommonJS, in a package of their own that answers to `nestjs-work`: processes and worker
 * threads run files, not what jest makes of them in memory.
 */
export async function compiledSources(...folders: readonly string[]): Promise<CompiledSources> {
  const target = await mkdtemp(join(tmpdir(), 'nestjs-work-compiled-'));
  const imports = Object.fromEntries(LAYERS.map((layer) => [`#${layer}`, `./libs/${layer}/index.js`]));
  const manifest = { name: 'nestjs-work', type: 'commonjs', imports, exports: './src/index.js' };
  await writeFile(join(target, 'package.json'), JSON.stringify(manifest));
  await symlink(join(root, 'node_modules'), join(target, 'node_modules'));
  for (const folder of folders) await compile(join(root, folder), join(target, folder));
  const file = (source: string) => join(target, source.replace(/\.ts$/, '.js'));
  return { file, remove: () => rm(target, { recursive: true, force: true }) };
}

async function compile(from: string, to: string): Promise<void> {
  const entries = await readdir(from, { recursive: true, withFileTypes: true });
  const sources = entries
    .filter((entry) => entry.isFile() && /(?<!\.spec)\.ts$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
  for (const source of sources) {
    const { code } = await transformFile(source, {
      jsc: {
        target: 'es2022',
        keepClassNames: true,
        parser: { syntax: 'typescript', decorators: true },
        transform: { legacyDecorator: true, decoratorMetadata: true },
      },
      module: { type: 'commonjs' },
    });
    const target = join(to, relative(from, source).replace(/\.ts$/, '.js'));
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, code);
  }
}

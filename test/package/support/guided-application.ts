import { cpSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { blocksOf } from '../../support/markdown-blocks.js';
import { ended, type Ended } from './npm.js';

const installed = join(__dirname, '../../../node_modules');

/** An application that consists of what docs/testing.md shows, and is tested as that says. */
export class GuidedApplication {
  constructor(private readonly folder: string) {}

  /** @param unpacked the folder of the unpacked package; all else is lent by the repository's installation */
  create(unpacked: string): void {
    const modules = join(this.folder, 'node_modules');
    mkdirSync(modules, { recursive: true });
    for (const name of readdirSync(installed)) symlinkSync(join(installed, name), join(modules, name));
    cpSync(unpacked, join(modules, 'nestjs-work'), { recursive: true });
    writeFileSync(join(this.folder, 'package.json'), '{ "type": "module" }');
    const guide = join(unpacked, 'docs/testing.md');
    const files = [...blocksOf(guide, 'ts'), ...blocksOf(guide, 'js')];
    for (const [index, { path = `block-${index}.spec.ts`, text }] of files.entries())
      writeFileSync(join(this.folder, path), text);
  }

  test(env: NodeJS.ProcessEnv): Promise<Ended> {
    const options = '--experimental-vm-modules';
    return ended(process.execPath, [join(installed, 'jest/bin/jest.js')], this.folder, {
      NODE_OPTIONS: options,
      ...env,
    });
  }
}

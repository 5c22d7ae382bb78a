import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ended, type Ended, outputOf } from './npm.js';

const apps = join(__dirname, '../apps');

export type Format = 'esm' | 'cjs';

/** How the compiler of an application is set: Nest's own templates, and what is older. */
const compilers = {
  esm: { module: 'nodenext', moduleResolution: 'nodenext' },
  cjs: { module: 'commonjs', moduleResolution: 'node10' },
};

/** Two applications, one of ES modules and one of CommonJS, over one installation of a Nest version and our package. */
export class Consumer {
  constructor(
    readonly folder: string,
    private readonly nest: string,
    private readonly tarball: string,
  ) {}

  async install(): Promise<void> {
    mkdirSync(this.folder, { recursive: true });
    const dependencies = {
      '@nestjs/common': this.nest,
      '@nestjs/core': this.nest,
      '@types/node': '^20.19.43',
      'class-transformer': '0.5.1',
      'class-validator': '0.15.1',
      ioredis: '^6.0.0',
      'nestjs-work': `file:${this.tarball}`,
      'reflect-metadata': '^0.2.2',
      rxjs: '^7.8.2',
      typescript: '~5.9.0',
    };
    writeJson(join(this.folder, 'package.json'), { name: 'consumer', private: true, dependencies });
    await outputOf('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts'], this.folder);
    cpSync(join(apps, 'dto-package'), join(this.folder, 'node_modules/dto-package'), { recursive: true });
    for (const format of ['esm', 'cjs'] as const) this.#createApplication(format);
  }

  #createApplication(format: Format): void {
    const folder = join(this.folder, format);
    cpSync(join(apps, 'shared'), join(folder, 'src'), { recursive: true });
    writeJson(join(folder, 'package.json'), { type: format === 'esm' ? 'module' : 'commonjs' });
    const compilerOptions = {
      ...compilers[format],
      target: 'ES2022',
      strict: true,
      skipLibCheck: true,
      experimentalDecorators: true,
      emitDecoratorMetadata: true,
      esModuleInterop: true,
      types: ['node'],
      rootDir: 'src',
      outDir: 'dist',
    };
    writeJson(join(folder, 'tsconfig.json'), { compilerOptions, files: ['src/app.ts'] });
    writeJson(join(folder, 'tsconfig.wrong.json'), { extends: './tsconfig.json', files: ['src/wrong.ts'] });
  }

  /** Compiles files of the application as TypeScript 5 does, with further options. */
  compile(format: Format, ...options: readonly string[]): Promise<Ended> {
    const tsc = join(this.folder, 'node_modules/typescript/bin/tsc');
    return ended(process.execPath, [tsc, '--pretty', 'false', ...options], join(this.folder, format));
  }

  /** Runs a file of the application and gives the JSON that it prints. */
  async run(format: Format, args: readonly string[], env = {}): Promise<unknown> {
    return JSON.parse(await outputOf(process.execPath, args, join(this.folder, format), env));
  }
}

const writeJson = (file: string, value: object): void => {
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`);
};

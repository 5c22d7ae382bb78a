import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ended, outputOf } from '../package/support/npm.js';

const root = join(__dirname, '../..');

/** What a function of a tool gives back. */
async function call(tool: string, name: string, ...args: readonly unknown[]): Promise<unknown> {
  const code = `console.log(JSON.stringify(await (await import(${JSON.stringify(join(root, '.tools', tool))})).${name}(...${JSON.stringify(args)})))`;
  return JSON.parse(await outputOf(process.execPath, ['--input-type=module', '--eval', code], root));
}

describe('A bare npm', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'nestjs-work-release-'));
    for (const file of ['package.json', '.npmrc', 'README.md']) cpSync(join(root, file), join(folder, file));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const ways: [string, string[]][] = [
    ['', []],
    [' --ignore-scripts', ['--ignore-scripts']],
  ];
  const nowhere = ['--registry=http://127.0.0.1:9', '--//127.0.0.1:9/:_authToken=none', '--fetch-retries=0'];

  it.each(ways)('publish%s publishes nothing of the tree, built or not', async (_, options) => {
    const { code, text } = await ended('npm', ['publish', ...options, ...nowhere], folder);
    expect(text).toMatch(/EPRIVATE/);
    expect(code).not.toBe(0);
  });

  it.each(ways)('pack%s packs nothing, and says what does', async (_, options) => {
    const { code, text } = await ended('npm', ['pack', ...options], folder);
    expect(text).toMatch(/ENOENT.*use-npm-run-release/);
    expect(code).not.toBe(0);
  });
});

describe('What a release is checked for', () => {
  const manifest = {
    main: './dist/cjs/src/index.js',
    module: './dist/esm/src/index.js',
    types: './dist/cjs/src/index.d.ts',
    exports: { '.': { import: './dist/esm/src/index.js' }, './package.json': './package.json' },
  };
  const about = ['package.json', 'README.md', 'CHANGELOG.md', 'LICENSE', 'docs/testing.md', 'dist/cjs/package.json'];
  const module = (half: string) => [`dist/${half}/src/index.js`, `dist/${half}/src/index.d.ts`];
  const files = [...about, ...module('esm'), ...module('cjs')];
  const problems = (paths: readonly string[]) =>
    call('release/contents.mjs', 'problemsOfContents', paths, manifest) as Promise<string[]>;

  it('is nothing but both halves of each module and the pages about them', async () => {
    expect(await problems(files)).toEqual([]);
  });

  it('finds an empty package', async () => {
    expect(await problems(['package.json', 'README.md', 'CHANGELOG.md', 'LICENSE'])).toEqual([
      'dist/cjs/package.json is missing.',
      'dist/cjs/src/index.js is missing.',
      'dist/esm/src/index.js is missing.',
      'dist/cjs/src/index.d.ts is missing.',
    ]);
  });

  it.each(['src/index.ts', 'dist/cjs/src/a.spec.js', 'dist/sample-app/main.js', '.npmrc', 'test/a.js'])(
    'finds %s, which is not to be published',
    async (path) => {
      expect(await problems([...files, path])).toContain(`${path} must not be in the package.`);
    },
  );

  it('finds a module that is in one half alone', async () => {
    expect(await problems([...files, 'dist/esm/src/new.js'])).toEqual(['dist/esm/src/new.js has no twin.']);
  });

  it('finds what publint and are-the-types-wrong complain of', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'nestjs-work-release-'));
    const exports = { '.': { types: './answer.d.ts', default: './answer.mjs' } };
    const broken = { name: 'broken', version: '1.0.0', main: './gone.js', exports };
    writeFileSync(join(folder, 'package.json'), JSON.stringify(broken));
    writeFileSync(join(folder, 'answer.mjs'), 'export const answer = 42;');
    writeFileSync(join(folder, 'answer.d.ts'), 'export declare const answer: number;');
    await outputOf('npm', ['pack', '--pack-destination', folder], folder);
    const found = await call('release/check.mjs', 'problemsOf', join(folder, 'broken-1.0.0.tgz'));
    rmSync(folder, { recursive: true });
    expect(found).toContainEqual(expect.stringMatching(/publint run ended with 1/));
    expect(found).toContainEqual(expect.stringMatching(/attw .* ended with 1/));
  });
});

describe('A tree that is to be published', () => {
  const obstacles = (changes: string, changelog: string) =>
    call('release/publish.mjs', 'obstaclesIn', changes, changelog, '0.2.0');

  it('is committed, and its version stands in the change log', async () => {
    expect(await obstacles('', '# Changelog\n\n## 0.2.0\n\n- **Run.**')).toEqual([]);
    expect(await obstacles(' M src/index.ts\n', '# Changelog\n\n## Unreleased\n')).toEqual([
      'What is published must be committed:\n M src/index.ts\n',
      'CHANGELOG.md has no heading "## 0.2.0".',
    ]);
  });
});

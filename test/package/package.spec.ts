import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describeRedis, testRedis } from '../support/index.js';
import { Consumer, type Format } from './support/consumer.js';
import { ended, isRegistryReachable, outputOf } from './support/npm.js';
import { temporaryFolder } from './support/temporary-folder.js';

const root = join(__dirname, '../..');
const folder = temporaryFolder();
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Packed {
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}

async function pack(): Promise<Packed> {
  await outputOf(process.execPath, [join(root, '.tools/build.mjs'), '--if-stale'], root);
  const text = await outputOf('npm', ['pack', '--json', '--silent', '--pack-destination', folder], root);
  const [packed] = JSON.parse(text) as Packed[];
  if (!packed) throw new Error(`npm pack made nothing: ${text}`);
  return packed;
}

const installMs = 300_000;
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const binary = (name: string): string => join(root, 'node_modules/.bin', name);

let packed: Packed;
let tarball: string;
beforeAll(async () => {
  packed = await pack();
  tarball = join(folder, packed.filename);
}, installMs);

describe('The packed package', () => {
  const declarations = (half: string) =>
    packed.files.map(({ path }) => path).filter((path) => path.startsWith(`dist/${half}/`) && path.endsWith('.d.ts'));

  it('holds the two halves with their declarations, and the few files about them', () => {
    const others = packed.files
      .map(({ path }) => path)
      .filter((path) => !/^dist\/(esm|cjs)\/(src|libs)\/.*(?<!\.spec)\.(js|d\.ts)$/.test(path));
    expect(others.filter((path) => path !== 'CHANGELOG.md').toSorted()).toEqual([
      'LICENSE',
      'README.md',
      'dist/cjs/package.json',
      'docs/handlers.md',
      'docs/testing.md',
      'package.json',
    ]);
  });

  it('holds each module in both halves', () => {
    const modules = (half: string) =>
      packed.files
        .map(({ path }) => path)
        .filter((path) => path.startsWith(`dist/${half}/`) && path !== 'dist/cjs/package.json');
    expect(modules('esm').map((path) => path.replace('/esm/', '/cjs/'))).toEqual(modules('cjs'));
    expect(modules('cjs').length).toBeGreaterThan(100);
  });

  it('has one tree of declarations, in which no import needs package.json "imports"', () => {
    for (const path of declarations('esm'))
      expect(read(path)).toMatch(/^export \* from '(\.\.\/)+cjs\/[\w./-]+\.js';\n$/);
    for (const path of declarations('cjs')) expect(read(path)).not.toMatch(/['"]#/);
  });

  it('runs nothing when it is installed', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    expect(Object.keys(scripts).filter((name) => /install|prepare|prepublish|pack|publish/.test(name))).toEqual([]);
  });

  it('is in order to publint', async () => {
    expect(await ended(binary('publint'), ['run', tarball, '--strict'], root)).toMatchObject({ code: 0 });
  });

  it(
    'has right types for every kind of module resolution',
    async () => {
      expect(await ended(binary('attw'), [tarball, '--no-color'], root)).toMatchObject({ code: 0 });
    },
    installMs,
  );
});

const reachable = isRegistryReachable();
if (!reachable) console.error('NO PACKAGE REGISTRY: the tests that install the package in applications are SKIPPED.');
const describeInstalled = reachable ? describeRedis : describe.skip;

describeInstalled.each([
  ['12', '^12.0.0'],
  ['11', '^11.0.0'],
])('Installed in an application of Nest %s', (major, range) => {
  const test = testRedisLater();
  let consumer: Consumer;
  beforeAll(async () => {
    consumer = new Consumer(join(folder, `nest-${major}`), range, tarball);
    await consumer.install();
  }, installMs);

  const environment = () => ({ CONSUMER_REDIS: test().url, CONSUMER_NAMESPACE: test().namespace });
  const answer = { sum: 42, refused: 'WORK_INVALID_ARGUMENTS', sameEngine: true, paused: false };

  describe.each<[string, Format]>([
    ['ES modules', 'esm'],
    ['CommonJS', 'cjs'],
  ])('of %s', (_, format) => {
    it('compiles with TypeScript 5 and runs a job', async () => {
      expect(await consumer.compile(format)).toEqual({ code: 0, text: '' });
      expect(await consumer.run(format, ['dist/app.js'], environment())).toEqual(answer);
    }, 120_000);

    it('has one identity of each class, imported and required', async () => {
      expect(await consumer.run(format, ['src/identity.mjs'])).toEqual({ different: [], classes: true });
    }, 60_000);

    it('does not compile with wrong arguments', async () => {
      const { text } = await consumer.compile(format, '--noEmit', '-p', 'tsconfig.wrong.json');
      expect(linesOf(text)).toEqual(linesMarkedWrong());
    }, 60_000);
  });

  if (major === '11') {
    it('runs a job where require() loads no ES modules', async () => {
      expect(await consumer.compile('cjs')).toEqual({ code: 0, text: '' });
      const args = ['--no-experimental-require-module', 'dist/app.js'];
      expect(await consumer.run('cjs', args, environment())).toEqual(answer);
    }, 120_000);
  }
});

/** A namespace for each test of a block, closed after it. */
function testRedisLater(): () => ReturnType<typeof testRedis> {
  let current: ReturnType<typeof testRedis>;
  beforeEach(() => void (current = testRedis()));
  afterEach(() => current.close());
  return () => current;
}

const linesOf = (errors: string): readonly number[] => [
  ...new Set([...errors.matchAll(/^src\/wrong\.ts\((\d+),/gm)].map(([, line]) => Number(line))),
];

const linesMarkedWrong = (): readonly number[] =>
  read('test/package/apps/shared/wrong.ts')
    .split('\n')
    .flatMap((line, index) => (line.endsWith('// wrong') ? [index + 1] : []));

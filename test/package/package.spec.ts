import { readFileSync, rmSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describeRedis, testRedis } from '../support/index.js';
import { Consumer, type Format } from './support/consumer.js';
import { GuidedApplication } from './support/guided-application.js';
import { isRegistryReachable, outputOf } from './support/npm.js';
import { temporaryFolder } from './support/temporary-folder.js';

const root = join(__dirname, '../..');
const folder = temporaryFolder();
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const installMs = 300_000;
const read = (path: string): string => readFileSync(join(folder, 'package', path), 'utf8');

let report: string;
let tarball: string;
beforeAll(async () => {
  report = await outputOf(process.execPath, ['.tools/release.mjs', '--if-stale', '--to', folder], root);
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  tarball = join(folder, `nestjs-work-${version}.tgz`);
  await outputOf('tar', ['-xzf', tarball, '-C', folder], root);
}, installMs);

describe('The packed package', () => {
  async function declarations(half: string): Promise<readonly string[]> {
    const paths = await readdir(join(folder, 'package/dist', half), { recursive: true });
    return paths.filter((path) => path.endsWith('.d.ts')).map((path) => `dist/${half}/${path}`);
  }

  it('is in order', () => {
    expect(report).toMatch(/\.tgz is in order: its files, publint, are-the-types-wrong\.$/m);
  });

  it('has one tree of declarations, in which no import needs package.json "imports"', async () => {
    const [esm, cjs] = [await declarations('esm'), await declarations('cjs')];
    expect(cjs.length).toBeGreaterThan(100);
    for (const path of esm) expect(read(path)).toMatch(/^export \* from '(\.\.\/)+cjs\/[\w./-]+\.js';\n$/);
    for (const path of cjs) expect(read(path)).not.toMatch(/['"]#/);
  });

  it('runs nothing when it is installed, and names no sources', () => {
    const manifest = JSON.parse(read('package.json')) as Record<string, unknown>;
    for (const name of ['scripts', 'private', 'devDependencies', 'imports']) expect(manifest).not.toHaveProperty(name);
    expect(read('package.json')).not.toContain('nestjs-work-source');
  });
});

describeRedis('The guide to testing', () => {
  const redis = testRedis();
  afterAll(() => redis.close());

  it('leads to an application whose tests pass', async () => {
    const application = new GuidedApplication(join(folder, 'guided'));
    application.create(join(folder, 'package'));
    const { code, text } = await application.test({ REDIS_URL: redis.url });
    expect(text).toMatch(/^Tests: +3 passed, 3 total$/m);
    expect(code).toBe(0);
  }, 120_000);
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
  readFileSync(join(__dirname, 'apps/shared/wrong.ts'), 'utf8')
    .split('\n')
    .flatMap((line, index) => (line.endsWith('// wrong') ? [index + 1] : []));

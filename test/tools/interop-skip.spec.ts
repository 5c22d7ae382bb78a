import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeRedis } from '../support/index.js';

const root = join(__dirname, '../..');
const COPIED = ['package.json', 'jest.config.cjs', '.tools', 'libs', 'src', 'test/support', 'test/interop'];
/** The configuration of Jest names the one, PATH the other. */
const EMPTY = ['sample-app', 'bin'];
/** Nothing that is compiled for it is in a cache. */
const TEST_MS = 180_000;

/** A Go that is offline, and has never got a module. */
const OFFLINE = `#!/bin/sh
if [ "$1" = version ]; then echo 'go version go1.24.1 linux/amd64'; exit; fi
echo 'client/main.go:10:2: module lookup disabled by GOPROXY=off' >&2
exit 1
`;

/** In a copy of the repository: what is built here, or told in this run, is not touched. */
describeRedis('The tests with Go programs', () => {
  let copy: string;
  beforeEach(async () => {
    copy = await mkdtemp(join(tmpdir(), 'nestjs-work-skip-'));
    for (const path of COPIED) await cp(join(root, path), join(copy, path), { recursive: true });
    for (const path of EMPTY) await mkdir(join(copy, path));
    await symlink(join(root, 'node_modules'), join(copy, 'node_modules'));
  });
  afterEach(() => rm(copy, { recursive: true, force: true }));

  it(
    'say once that there is no Go, and count as skipped',
    async () => {
      const said = await run();
      expect(loudLines(said)).toEqual(['NO GO on PATH: what Go programs and ours do on one namespace is SKIPPED.']);
      expect(closingLine(said)).toMatch(/^0 passed, 0 failed, [1-9]\d\d skipped$/);
    },
    TEST_MS,
  );

  it(
    'say once of each version of gocraft/work why it cannot be had, and count as skipped',
    async () => {
      await writeFile(join(copy, 'bin/go'), OFFLINE, { mode: 0o755 });
      const said = await run();
      expect(loudLines(said).sort()).toEqual([
        expect.stringMatching(/^NO MODULES: gocraft\/work \w+ cannot be had: module lookup disabled.* for master\.$/),
        expect.stringMatching(/^NO MODULES: gocraft\/work v0\.5\.1 cannot be had: module lookup.* for v0\.5\.1\.$/),
      ]);
      expect(closingLine(said)).toMatch(/^0 passed, 0 failed, [1-9]\d\d skipped$/);
    },
    TEST_MS,
  );

  /** All of them, with nothing on PATH but what the copy's `bin` holds. */
  function run(): Promise<string> {
    const { command, env } = JSON.parse(process.env['NESTJS_WORK_TEST_REDIS_SERVER']!) as RedisServer;
    const options = {
      cwd: copy,
      env: { ...env, PATH: join(copy, 'bin'), NESTJS_WORK_REDIS_SERVER: command },
      timeout: TEST_MS,
    };
    const jest = join(copy, 'node_modules/jest/bin/jest.js');
    return new Promise((resolve) => {
      execFile(process.execPath, [jest, 'test/interop'], options, (_, stdout, stderr) => resolve(stdout + stderr));
    });
  }
});

interface RedisServer {
  readonly command: string;
  readonly env: Readonly<Record<string, string>>;
}

const loudLines = (said: string) => said.split('\n').filter((line) => line.startsWith('NO '));
const closingLine = (said: string) => said.split('\n').find((line) => line.endsWith(' skipped'));

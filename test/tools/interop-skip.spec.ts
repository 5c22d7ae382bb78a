import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeGo } from '../interop/support/index.js';
import { describeRedis } from '../support/index.js';

const root = join(__dirname, '../..');
const COPIED = ['package.json', 'jest.config.cjs', '.tools', 'libs', 'src', 'test/support', 'test/interop'];
/** The configuration of Jest names the one, PATH the other. */
const EMPTY = ['sample-app', 'bin'];
/** Nothing that is compiled for it is in a cache. */
const TEST_MS = 180_000;

/** What a Go writes that is offline, and has never got a module. */
const OFFLINE = 'client/main.go:10:2: module lookup disabled by GOPROXY=off';
const PROXY = 'https://proxy.golang.org/github.com/gocraft/work';

let copy: string;
beforeEach(async () => void (copy = await mkdtemp(join(tmpdir(), 'nestjs-work-skip-'))));
afterEach(() => rm(copy, { recursive: true, force: true }));

/** Into a copy of the repository: what is built here, or told in this run, is not touched. */
async function take(...paths: readonly string[]): Promise<void> {
  for (const path of paths) await cp(join(root, path), join(copy, path), { recursive: true });
  for (const path of EMPTY) await mkdir(join(copy, path));
}

/** A `go` that knows its version, and fails otherwise with this text. */
async function fakeGo(text: string): Promise<void> {
  await writeFile(join(copy, 'bin/text'), text);
  const script = `#!/bin/sh
if [ "$1" = version ]; then echo 'go version go1.24.1 linux/amd64'; exit; fi
while IFS= read -r line || [ "$line" ]; do printf '%s\\n' "$line"; done < '${join(copy, 'bin/text')}' >&2
exit 1
`;
  await writeFile(join(copy, 'bin/go'), script, { mode: 0o755 });
}

/** Output and exit code of a Node program in the copy. */
function run(args: readonly string[], env: NodeJS.ProcessEnv): Promise<{ said: string; code: number }> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, args, { cwd: copy, env, timeout: TEST_MS }, (_, stdout, stderr) =>
      resolve({ said: stdout + stderr, code: child.exitCode! }),
    );
  });
}

describeRedis('The tests with Go programs', () => {
  beforeEach(async () => {
    await take(...COPIED);
    await symlink(join(root, 'node_modules'), join(copy, 'node_modules'));
  });

  it(
    'say once that there is no Go, and count as skipped',
    async () => {
      const said = await runAll();
      expect(loudLines(said)).toEqual(['NO GO on PATH: what Go programs and ours do on one namespace is SKIPPED.']);
      expect(closingLine(said)).toMatch(/^0 passed, 0 failed, [1-9]\d\d skipped$/);
    },
    TEST_MS,
  );

  it(
    'say once of each version of gocraft/work why it cannot be had, and count as skipped',
    async () => {
      await fakeGo(OFFLINE);
      const said = await runAll();
      expect(loudLines(said).sort()).toEqual([
        expect.stringMatching(/^NO MODULES: gocraft\/work \w+ cannot be had: module lookup disabled.* for master\.$/),
        expect.stringMatching(/^NO MODULES: gocraft\/work v0\.5\.1 cannot be had: module lookup.* for v0\.5\.1\.$/),
      ]);
      expect(closingLine(said)).toMatch(/^0 passed, 0 failed, [1-9]\d\d skipped$/);
    },
    TEST_MS,
  );

  it(
    'fail, each file of them, where what is wrong is not that the modules cannot be had',
    async () => {
      await fakeGo('client/main.go:8:2: package interop/linse is not in std (/usr/local/go/src/interop/linse)');
      const said = await runAll();
      expect(said).toContain('package interop/linse is not in std');
      expect(loudLines(said)).toEqual([]);
      expect(closingLine(said)).toMatch(/^0 passed, [1-9]\d failed, 0 skipped$/);
    },
    TEST_MS,
  );

  /** With nothing on PATH but what the copy's `bin` holds. */
  async function runAll(): Promise<string> {
    const { command, env } = JSON.parse(process.env['NESTJS_WORK_TEST_REDIS_SERVER']!) as RedisServer;
    const jest = join(copy, 'node_modules/jest/bin/jest.js');
    const path = { PATH: join(copy, 'bin'), NESTJS_WORK_REDIS_SERVER: command };
    return (await run([jest, 'test/interop'], { ...env, ...path })).said;
  }
});

describe('The build of the Go programs', () => {
  beforeEach(() => take('.tools', 'test/interop/go'));

  it('says that there is no Go where it does not say its version, with what it says instead', async () => {
    const script = '#!/bin/sh\necho "go: download go1.99.0: 403 Forbidden" >&2\nexit 1\n';
    await writeFile(join(copy, 'bin/go'), script, { mode: 0o755 });
    const { said, code } = await buildByFake();
    expect(loudLines(said)).toEqual([
      expect.stringMatching(/^NO GO: .* go1\.99\.0: 403 Forbidden"\. So .* SKIPPED\.$/),
    ]);
    expect(code).toBe(0);
  });

  it('fails where Go is ended by somebody else', async () => {
    await fakeGo('');
    await writeFile(
      join(copy, 'bin/go'),
      (await readFile(join(copy, 'bin/go'), 'utf8')).replace('exit 1', () => 'kill -TERM $$'),
    );
    const { said, code } = await buildByFake();
    expect([loudLines(said), code]).toEqual([[], 1]);
    expect(said).toContain('ended with SIGTERM');
  });

  const build = (env: NodeJS.ProcessEnv = {}) => run([join(copy, '.tools/interop.mjs'), 'v0.5.1'], { ...env });
  const buildByFake = () => build({ PATH: join(copy, 'bin') });

  it.each([
    [
      'a proxy that refuses it',
      `github.com/gocraft/work@v0.5.1: reading ${PROXY}/@v/v0.5.1.zip: 403 Forbidden\n\tIt is old.`,
    ],
    ['a proxy that has lost it', `github.com/gocraft/work@v0.5.1: reading ${PROXY}/@v/v0.5.1.zip: 410 Gone`],
    [
      'a name that is not known',
      `github.com/gocraft/work@v0.5.1: Get "${PROXY}": dial tcp: lookup proxy: no such host`,
    ],
    ['a proxy that breaks off', `github.com/gocraft/work@v0.5.1: read "${PROXY}/@v/v0.5.1.zip": unexpected EOF`],
    ['a proxy in a folder', 'a@v1: reading file:///proxy/a/@v/v1.zip: no such file or directory'],
    [
      'a source out of reach',
      'reading a: git ls-remote -q https://a in /c: exit status 128:\n\tfatal: unable to access',
    ],
    [
      'no git',
      'unable to resolve git version: failed to execute git version: exec: "git": executable file not found in $PATH',
    ],
  ])('says in one line that they cannot be had, and ends well: %s', async (_, text) => {
    await fakeGo(
      `go: downloading github.com/gocraft/work v0.5.1\nclient/main.go:11:2: ${text}\nclient/serve.go:9:2: ${text}`,
    );
    const { said, code } = await buildByFake();
    const reason = `${text.replace(/\s+/g, ' ').replace(/\.$/, '')}.`;
    expect(loudLines(said)).toEqual([
      expect.stringContaining(`NO MODULES: gocraft/work v0.5.1 cannot be had: ${reason} So `),
    ]);
    expect(code).toBe(0);
  });

  it.each([
    [
      'a checksum is missing',
      'client/main.go:11:2: missing go.sum entry for module providing package a; to add:\n\tgo get a',
    ],
    [
      'a package of theirs is not there',
      'client/serve.go:9:2: cannot find module providing package a: import lookup disabled',
    ],
    [
      'one is wrong, another not to be had',
      `client/main.go:8:2: package interop/linse is not in std (/go)\n${OFFLINE}`,
    ],
    ['Go says what is not known', 'go: it does not feel like it'],
    ['Go says nothing', ''],
  ])('fails with all that Go has said where %s', async (_, text) => {
    await fakeGo(text);
    const { said, code } = await buildByFake();
    expect(said).toContain(text);
    expect([loudLines(said), code]).toEqual([[], 1]);
  });
});

describeGo('v0.5.1', 'The build of the Go programs, by the Go of this machine', () => {
  beforeEach(() => take('.tools', 'test/interop/go'));

  const build = (env: NodeJS.ProcessEnv = {}) =>
    run([join(copy, '.tools/interop.mjs'), 'v0.5.1'], { ...process.env, ...env, NESTJS_WORK_TEST_RUN: '' });

  async function change(file: string, from: string | RegExp, to: string): Promise<void> {
    const path = join(copy, 'test/interop/go', file);
    const before = await readFile(path, 'utf8');
    const after = before.replace(from, to);
    expect(after).not.toBe(before);
    await writeFile(path, after);
  }

  it('fails where a checksum is wrong', async () => {
    await change('go.sum', /(gocraft\/work v0\.5\.1 h1:).{4}/, '$1AAAA');
    const { said, code } = await build();
    expect(said).toMatch(/checksum mismatch[^]*SECURITY ERROR[^]*go help module-auth/);
    expect([loudLines(said), code]).toEqual([[], 1]);
  });

  it('fails where a checksum is missing', async () => {
    await change('go.sum', /.*gocraft\/work v0\.5\.1 h1:.*\n/, '');
    const { said, code } = await build();
    expect(said).toContain('missing go.sum entry');
    expect([loudLines(said), code]).toEqual([[], 1]);
  });

  it('fails where a package of our own is called by another name', async () => {
    await change('client/main.go', '"interop/lines"', '"interop/linse"');
    const { said, code } = await build();
    expect(said).toContain('package interop/linse is not in std');
    expect([loudLines(said), code]).toEqual([[], 1]);
  });

  it.each([
    ['the proxy cannot be reached', { GOPROXY: 'http://127.0.0.1:1' }, 'connect: connection refused.'],
    ['it is offline', { GOPROXY: 'off' }, 'module lookup disabled by GOPROXY=off.'],
  ])('ends well, and says why it has no modules, where %s', async (_, env, reason) => {
    const { said, code } = await build({ ...env, GOMODCACHE: join(copy, 'modules'), GOFLAGS: '-modcacherw' });
    expect(loudLines(said)).toEqual([expect.stringContaining(`${reason} So `)]);
    expect(code).toBe(0);
  });
});

interface RedisServer {
  readonly command: string;
  readonly env: Readonly<Record<string, string>>;
}

const loudLines = (said: string) => said.split('\n').filter((line) => line.startsWith('NO '));
const closingLine = (said: string) => said.split('\n').find((line) => line.endsWith(' skipped'));

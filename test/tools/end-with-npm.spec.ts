import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cleanEnvironment } from '../package/support/npm.js';
import { describeRedis, waitFor } from '../support/index.js';

const root = join(__dirname, '../..');
const WITHIN_MS = 30_000;
/** The demo and the soak may have to build first, on a machine that is busy. */
const TIMEOUT_MS = 300_000;

const describeHere = process.platform === 'linux' ? describeRedis : describe.skip;

describeHere('What npm has started', () => {
  const mark = `NESTJS_WORK_MARK=${randomBytes(8).toString('hex')}`;
  /** What is killed tidies up no files. */
  let temporary: string;
  beforeEach(async () => void (temporary = await mkdtemp(join(tmpdir(), 'nestjs-work-npm-'))));
  afterEach(async () => {
    marked().forEach((pid) => process.kill(pid, 'SIGKILL'));
    await waitFor('the end of them', () => marked().length === 0);
    await rm(temporary, { recursive: true, force: true });
  });

  /** Every process that was started below npm, however it was detached: they have its environment. */
  function marked(): readonly number[] {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name) && environmentOf(name).includes(mark))
      .map(Number);
  }

  /** Runs a script by npm, with no terminal, and resolves when it shows `text`. */
  async function npmRun(args: readonly string[], text: string): Promise<ChildProcess> {
    const [name, value] = mark.split('=') as [string, string];
    const { REDIS_URL: _, ...environment } = cleanEnvironment();
    const { NESTJS_WORK_REDIS_SERVER } = process.env;
    const env = { ...environment, NESTJS_WORK_REDIS_SERVER, TMPDIR: temporary, [name]: value };
    const npm = spawn('npm', args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [npm.stdout, npm.stderr]) stream.on('data', (piece: Buffer) => (output += String(piece)));
    const shows = () => {
      if (npm.exitCode !== null) throw new Error(`npm ${args.join(' ')} ended:\n${output}`);
      return output.includes(text);
    };
    await waitFor(`"${text}" of npm ${args.join(' ')}`, shows, TIMEOUT_MS);
    return npm;
  }

  it.each([
    ['the demo', 'SIGTERM', ['run', 'demo'], '→ send_welcome'],
    ['the demo', 'SIGKILL', ['run', 'demo'], '→ send_welcome'],
    ['a run of tests', 'SIGTERM', ['test', '--', 'test/integration', 'sample-app'], 'Redis of this run'],
    ['a run of tests', 'SIGKILL', ['test', '--', 'test/integration', 'sample-app'], 'Redis of this run'],
    ['the soak', 'SIGKILL', ['run', 'soak', '--', '--jobs', '100000'], 'jobs wait'],
  ] as const)(
    '%s ends when npm is ended by %s, with everything below it',
    async (_, signal, args, text) => {
      const npm = await npmRun(args, text);
      const seen = marked();
      expect(seen.length).toBeGreaterThan(3);
      const closed = once(npm, 'close');
      npm.kill(signal);
      await waitFor('no process is left', () => !seen.some(isThere) && marked().length === 0, WITHIN_MS);
      await closed;
    },
    TIMEOUT_MS,
  );
});

const isThere = (pid: number): boolean => environmentOf(String(pid)) !== '';

/** Empty for a process that is gone, or is another user's. */
function environmentOf(pid: string): string {
  try {
    return readFileSync(join('/proc', pid, 'environ'), 'utf8');
  } catch {
    return '';
  }
}

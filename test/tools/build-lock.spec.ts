import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const root = join(__dirname, '../..');
const lockModule = join(root, '.tools/build/lock.mjs');

describe('the lock of a build', () => {
  const name = `test-${randomBytes(4).toString('hex')}`;
  const lock = join(root, 'dist', `${name}.lock`);
  const log = join(tmpdir(), `${name}.log`);

  /** Notes that it is in, gives others the time to come in as well, and notes that it is out. */
  const enter = () =>
    promisify(execFile)(process.execPath, [
      '--input-type=module',
      '--eval',
      `import { appendFileSync } from 'node:fs';
       import { setTimeout as pause } from 'node:timers/promises';
       const { alone } = await import(${JSON.stringify(lockModule)});
       await alone(${JSON.stringify(name)}, async () => {
         appendFileSync(${JSON.stringify(log)}, 'in ');
         await pause(150);
         appendFileSync(${JSON.stringify(log)}, 'out ');
       });`,
    ]);

  afterEach(() => {
    for (const file of [lock, log]) rmSync(file, { force: true });
  });

  it('lets one process in at a time, and is given back', async () => {
    await Promise.all([enter(), enter(), enter()]);
    expect(readFileSync(log, 'utf8')).toBe('in out in out in out ');
    expect(existsSync(lock)).toBe(false);
  });

  it('is taken over from a process that ended with it', async () => {
    mkdirSync(join(root, 'dist'), { recursive: true });
    const { stdout: pidOfTheDead } = await promisify(execFile)(process.execPath, ['-p', 'process.pid']);
    writeFileSync(lock, pidOfTheDead.trim());
    await enter();
    expect(readFileSync(log, 'utf8')).toBe('in out ');
  });
});

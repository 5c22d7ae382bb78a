import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, connect, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describeRedis, ownRedis, waitFor } from '../support/index.js';

const tools = join(__dirname, '../../.tools/redis.mjs');

/** A program that starts a private Redis, says where, and then does what it is told. */
const program = (then: string) => `
  const { startRedisServer } = await import(${JSON.stringify(tools)});
  const redis = await startRedisServer(JSON.parse(process.env.NESTJS_WORK_TEST_REDIS_SERVER));
  console.log(redis.port);
  ${then}`;

async function start(then: string): Promise<{ readonly child: ChildProcess; readonly port: number }> {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program(then)], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  return { child, port: Number(line) };
}

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(true));
    socket.once('error', () => resolve(false)).once('connect', () => socket.destroy());
  });

const isGone = (port: number) => waitFor(`nothing answers on port ${port}`, async () => !(await answers(port)));

describeRedis('The Redis of a run', () => {
  it.each(['SIGKILL', 'SIGTERM', 'SIGINT'] as const)(
    'does not outlive the process that started it, ended by %s',
    async (signal) => {
      const { child, port } = await start('setInterval(() => {}, 1_000);');
      expect(await answers(port)).toBe(true);
      child.kill(signal);
      await isGone(port);
    },
  );

  it.each([
    ['ends by itself', ''],
    ['fails', 'throw undefined;'],
    ['stops it', 'await redis.stop(); setInterval(() => {}, 1_000);'],
  ])('does not outlive a process that %s', async (_, then) => {
    const { child, port } = await start(then);
    await isGone(port);
    child.kill();
  });

  it('does not start on a port that somebody else has', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    await expect(ownRedis(['--port', String(port)])).rejects.toThrow(/did not start[^]*Address already in use/);
    other.close();
  });
});

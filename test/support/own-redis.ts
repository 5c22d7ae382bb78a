import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const guard = join(__dirname, '../../.tools/redis/guard.mjs');

/** A server that one test may kill, freeze and start anew. It ends with the test's process, whatever happens to that. */
export interface OwnRedis {
  readonly url: string;
  readonly port: number;
  /** Stops answering without closing a connection, until `thaw`. */
  freeze(): void;
  thaw(): void;
  /** Ends it at once; what it held is gone. */
  kill(): Promise<void>;
  /** Starts an empty one on the same port, after `kill`. */
  start(): Promise<void>;
}

/** Starts one, with further arguments of redis-server, for example `['--maxmemory', '2mb']`. Call `kill` when done. */
export function ownRedis(serverArguments: readonly string[] = []): Promise<OwnRedis> {
  return own({ serverArguments });
}

/** Starts a Sentinel, with lines of its configuration file. Call `kill` when done. */
export function ownSentinel(sentinel: readonly string[]): Promise<OwnRedis> {
  return own({ sentinel });
}

interface Settings {
  readonly serverArguments?: readonly string[];
  readonly sentinel?: readonly string[];
}

async function own(settings: Settings): Promise<OwnRedis> {
  let running = await startGuarded(settings);
  const { port } = running;
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    freeze: () => void process.kill(running.pid, 'SIGSTOP'),
    thaw: () => void process.kill(running.pid, 'SIGCONT'),
    kill: () => running.end(),
    start: async () => void (running = await startGuarded({ ...settings, port })),
  };
}

async function startGuarded(settings: Settings & { readonly port?: number }) {
  const server: unknown = JSON.parse(process.env['NESTJS_WORK_TEST_REDIS_SERVER'] ?? 'null');
  if (!server) throw new Error('The test run has no Redis server: use describeRedis.');
  const child = spawn(process.execPath, [guard, JSON.stringify({ ...server, ...settings })], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const lines = createInterface(child.stdout);
  const [line] = await Promise.race([once(lines, 'line'), exited]);
  if (typeof line !== 'string') throw new Error('The guard of the Redis of this test broke down.');
  const { port, pid, error } = JSON.parse(line) as { port: number; pid: number; error?: string };
  if (error) throw new Error(`The Redis of this test did not start: ${error}`);
  child.unref(); // a test that fails before `kill` must not hold the run
  for (const pipe of [child.stdin, child.stdout]) (pipe as Socket).unref();
  const end = async () => {
    child.ref();
    child.stdin.destroy();
    await exited;
  };
  return { port, pid, end };
}

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { disconnect, waitFor } from '../support/index.js';
import { describeEachGoAlone, type GoPoolOptions } from './support/index.js';

/** After so many calls of its script in vain a worker is at rest; the first is sent twice, since Redis does not know the script. */
const CALLS_BEFORE_REST = 5;
const REST_MS = 5_000;
/** Of two clocks, that of Go and that of Redis. */
const CLOCKS_MS = 100;
const TEST_MS = 60_000;

describeEachGoAlone('An idle Go worker', ({ dialect, programs, shared }) => {
  it(
    'looks for work only every 5 s',
    async () => {
      const pauses = await pausesAtRest(2, { sleepBackoffs: [] });
      expect(Math.min(...pauses)).toBeGreaterThan(REST_MS - CLOCKS_MS);
    },
    TEST_MS,
  );

  it(
    'looks as often as SleepBackoffs says, in a version that has it, and v0.5.1 has not',
    async () => {
      expect(hasSleepBackoffs()).toBe(dialect === 'master');
      if (dialect === 'master')
        expect(Math.min(...(await pausesAtRest(10, { sleepBackoffs: [100] })))).toBeLessThan(REST_MS - CLOCKS_MS);
    },
    TEST_MS,
  );

  /** Milliseconds from one look of a worker to the next, by the clock of Redis, so many of them. */
  async function pausesAtRest(number: number, options: Omit<GoPoolOptions, 'jobs'>): Promise<readonly number[]> {
    const queue = shared().keyspace.queue('mail');
    const callsMs: number[] = [];
    const monitor = await shared().redis.monitor();
    monitor.on('monitor', (time: string, [command, , , key]: readonly string[]) => {
      if (/^eval/i.test(command!) && key === queue) callsMs.push(Number(time) * 1000);
    });
    try {
      await shared().goPool({ jobs: [{ name: 'mail' }], concurrency: 1, ...options });
      const calls = CALLS_BEFORE_REST + number;
      await waitFor(`${calls} calls`, () => callsMs.length >= calls, TEST_MS);
      return callsMs
        .slice(1, calls)
        .map((ms, index) => ms - callsMs[index]!)
        .slice(CALLS_BEFORE_REST - 1);
    } finally {
      await disconnect(monitor);
    }
  }

  /** By what Go says of the package. */
  function hasSleepBackoffs(): boolean {
    const { modfile, tags, env } = programs!;
    const GOFLAGS = `-modfile=${modfile} -tags=${tags}`;
    const { stdout, status } = spawnSync('go', ['doc', '-all', 'github.com/gocraft/work'], {
      cwd: join(__dirname, 'go'),
      env: { ...process.env, ...env, GOFLAGS },
      encoding: 'utf8',
    });
    expect(status).toBe(0);
    return /\bSleepBackoffs\b/.test(stdout);
  }
});

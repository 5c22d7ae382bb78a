import type { WorkerPool } from '#engine';
import { waitFor } from '../support/index.js';
import {
  describeEachGo,
  describeGo,
  LATER_SECONDS,
  locksOf,
  RawJson,
  type GoWorker,
  type SharedNamespace,
} from './support/index.js';

/**
 * What a killed pool held must run again within it: a promise, and so the one span of time that is measured, by the clock of
 * the Redis that sees both ends. How fast this machine is hardly matters: a pool of ours looks every 2 s, and the fifth look
 * to find a heartbeat unchanged comes at most 12 s after the kill. The other 3 s are for timers that a busy machine delays.
 */
const PROMISED_MS = 15_000;
/** Until a wait is given up, so that a failure can say how long it took. */
const GIVE_UP_MS = 60_000;
const TEST_MS = 120_000;

/** Of which another encoder would make other bytes, and those that Go writes. */
const BYTES = Buffer.concat([Buffer.from(String.raw`"\ud800 \u0061\/ `), Buffer.from([0xff, 0xc3, 0x22])]);
const NUMBERS = '[1e-7,-0,1.50,9223372036854775807]';
const ARGS = { '': { '<&>\u2028': [] }, '😀': {}, bytes: new RawJson(BYTES), numbers: new RawJson(NUMBERS) };
const WRITTEN = Buffer.concat([
  Buffer.from(String.raw`{"":{"\u003c\u0026\u003e\u2028":[]},"bytes":`),
  BYTES,
  Buffer.from(`,"numbers":${NUMBERS},"😀":{}}`),
]);

describeEachGo('A Go pool that is killed', ({ shared }) => {
  it(
    'is recovered by ours within 15 s: its jobs run again as they were, before what waits, and nothing of it is left',
    async () => {
      const { go, held } = await holdingTwo();
      const waits = await shared().enqueuer.enqueue('mail', { n: 3 });
      const startsMs: number[] = [];
      const run = async () => void startsMs.push(await nowMs(shared()));
      const pool = await shared().startOurs({ jobs: [{ name: 'mail', maxConcurrency: 2, run }] });
      const killedMs = await nowMs(shared());
      await go.kill();
      await waitFor('three runs in ours', () => startsMs.length === 3, GIVE_UP_MS);
      for (const startMs of startsMs.slice(0, 2)) expect(startMs - killedMs).toBeLessThanOrEqual(PROMISED_MS);
      expect(shared().runs.map(({ id, attempt }) => [id, attempt])).toEqual([...held, waits.id].map((id) => [id, 1]));
      for (const { argsBytes } of shared().runs.slice(0, 2)) expect(argsBytes).toEqual(WRITTEN);
      await pool.drain();
      await expectNothingLeftOf(go, pool);
    },
    TEST_MS,
  );

  /** A Go pool that runs as many jobs as it may, and their ids. */
  async function holdingTwo(): Promise<{ go: GoWorker; held: readonly string[] }> {
    const go = await shared().goPool({ jobs: [{ name: 'mail', maxConcurrency: 2, wait: true }], concurrency: 2 });
    const producer = shared().goProducer();
    const held = [(await producer.enqueue('mail', ARGS)).id, (await producer.enqueue('mail', ARGS)).id];
    for (const id of held) await go.started(id);
    return { go, held };
  }

  async function expectNothingLeftOf({ poolId }: GoWorker, pool: WorkerPool): Promise<void> {
    const { redis, keyspace, events } = shared();
    const reaped = { type: 'pool_reaped', poolId, recovered: 2, poisoned: 0 };
    expect(events).toContainEqual(expect.objectContaining(reaped));
    await waitFor('the locks to be free', async () => (await locksOf(shared())).lock === 0);
    expect((await locksOf(shared())).held).not.toHaveProperty(poolId);
    expect(await redis.smembers(keyspace.workerPools)).toEqual([pool.poolId]);
    expect(await redis.exists(keyspace.heartbeat(poolId), keyspace.inProgress('mail', poolId))).toBe(0);
  }
});

describeGo('v0.5.1', 'A Go pool that ours took for dead while it slept', ({ shared }) => {
  it(
    'settles the job that runs in ours by now, which is then to run once more',
    async () => {
      const { enqueuer, redis, keyspace } = shared();
      const jobs = [{ name: 'mail', wait: true, backoffSeconds: LATER_SECONDS }];
      const go = await shared().goPool({ jobs, concurrency: 1 });
      const { id } = await enqueuer.enqueue('mail', { n: 1 });
      await go.started(id);
      go.signal('SIGSTOP');
      let end = () => {};
      const run = () => new Promise<void>((resolve) => (end = resolve));
      const pool = await shared().startOurs({ jobs: [{ name: 'mail', run }] });
      await waitFor('its run in ours', () => shared().runs.length === 1, GIVE_UP_MS);
      go.signal('SIGCONT');
      go.end(id, { fail: 'boom in Go' });
      await waitFor('its failure', async () => (await redis.zcard(keyspace.retry)) === 1);
      const { jobs: listed } = await shared().client.retryJobs();
      expect(listed).toMatchObject([{ kind: 'job', job: { id, fails: 1, err: 'boom in Go' } }]);
      expect(await locksOf(shared())).toEqual({ lock: 0, held: { [go.poolId]: '-1', [pool.poolId]: '1' } });
      end();
      await pool.stop();
      await go.stop();
      expect((await locksOf(shared())).lock).toBe(0);
      expect(await redis.zcard(keyspace.retry)).toBe(1);
    },
    TEST_MS,
  );
});

async function nowMs({ redis }: SharedNamespace): Promise<number> {
  const [seconds, microseconds] = await redis.time();
  return Number(seconds) * 1000 + Math.floor(Number(microseconds) / 1000);
}

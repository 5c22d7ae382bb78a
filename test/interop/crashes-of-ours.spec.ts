import { decodeJob } from '#protocol';
import { compiledSources, type CompiledSources } from '../support/compiled-sources.js';
import { waitFor } from '../support/index.js';
import {
  describeEachGo,
  locksOf,
  type GoWorker,
  type OurJobType,
  type OurWorker,
  type SharedNamespace,
} from './support/index.js';

/** gocraft/work's reaper looks for the first time 10 s after its pool's start. */
const RECOVERED_MS = 60_000;
const TEST_MS = 120_000;

describeEachGo('A pool of ours', ({ shared }) => {
  let sources: CompiledSources;
  const jobs: readonly OurJobType[] = [{ name: 'mail', wait: true }];
  beforeAll(async () => void (sources = await compiledSources('libs', 'test/interop/processes')), TEST_MS);
  afterAll(() => sources.remove());

  /** A pool of ours that runs two jobs. */
  async function running(): Promise<{ ours: OurWorker; poolId: string; ids: readonly [string, string] }> {
    const ours = await shared().ourWorker(sources, { jobs });
    const [{ id: first }, { id: second }] = [
      await shared().enqueuer.enqueue('mail', { n: 1 }),
      await shared().enqueuer.enqueue('mail', { n: 2 }),
    ];
    const ids = [first, second] as const;
    for (const id of ids) await ours.started(id);
    return { ours, poolId: await ours.isStarted(), ids };
  }

  /** A Go pool that runs them as well, since its reaper has brought them back. */
  async function reaping(ids: readonly string[]): Promise<GoWorker> {
    const go = await shared().goPool({ jobs, concurrency: 2 });
    for (const id of ids) await go.started(id, 1, RECOVERED_MS);
    return go;
  }

  it(
    'that is killed is recovered by Go’s reaper, which puts its jobs behind what waits',
    async () => {
      const { redis, keyspace, client, enqueuer } = shared();
      const { ours, poolId, ids } = await running();
      await client.pause('mail');
      const { id: waits } = await enqueuer.enqueue('mail', { n: 3 });
      await ours.kill();
      const go = await shared().goPool({ jobs, concurrency: 2 });
      const queue = keyspace.queue('mail');
      await waitFor('them to be back', async () => (await redis.llen(queue)) === 3, RECOVERED_MS);
      expect(decodeJob((await redis.lindexBuffer(queue, -1))!).id).toBe(waits);
      await client.resume('mail');
      await go.started(waits);
      go.end(waits);
      for (const id of ids) await go.started(id);
      for (const id of ids) go.end(id);
      await waitFor('their ends in Redis', async () => (await locksOf(shared())).lock === 0);
      expect((await locksOf(shared())).held).toEqual({ [go.poolId]: '0' });
      expect(await redis.smembers(keyspace.workerPools)).toEqual([go.poolId]);
      expect(await redis.exists(keyspace.heartbeat(poolId), keyspace.inProgress('mail', poolId))).toBe(0);
    },
    TEST_MS,
  );

  /**
   * It may find that it was taken for dead before it hears of the job's end, or after it: which comes first is left to chance.
   * What the next test shows is the latter.
   */
  it(
    'that Go’s reaper took for dead while it slept settles nothing that is no longer its own, and goes on under a new id',
    async () => {
      const { enqueuer, redis, keyspace } = shared();
      const { ours, poolId, ids } = await running();
      const [first, second] = ids;
      ours.signal('SIGSTOP');
      const go = await reaping(ids);
      ours.end(first, 'boom in ours');
      ours.signal('SIGCONT');
      await ours.ended(first);
      const newId = await ours.fenced();
      await ours.lost(second);
      ours.end(second);
      await ours.ended(second);
      const next = await enqueuer.enqueue('mail', { n: 3 });
      await ours.started(next.id);
      expect(await redis.llen(keyspace.inProgress('mail', go.poolId))).toBe(2);
      expect(await locksOf(shared())).toEqual({ lock: 3, held: { [go.poolId]: '2', [newId]: '1' } });
      expect((await redis.smembers(keyspace.workerPools)).sort()).toEqual([go.poolId, newId].sort());
      expect(newId).not.toBe(poolId);

      for (const id of ids) go.end(id);
      ours.end(next.id);
      await waitFor('the ends in Redis', async () => (await locksOf(shared())).lock === 0);
      expect(await redis.zcard(keyspace.retry)).toBe(0);
      expect(await redis.llen(keyspace.queue('mail'))).toBe(0);
    },
    TEST_MS,
  );

  /** Since it is among the pools still, nothing but what its list holds can keep it from the settle. */
  it('whose job Go’s reaper has put back, and which does not know it yet, writes nothing when the job ends', async () => {
    const { enqueuer, client, redis, keyspace, events } = shared();
    let fail!: () => void;
    const failing = new Promise<never>((_, reject) => (fail = () => reject(new Error('boom in ours'))));
    const pool = await shared().startOurs({ jobs: [{ name: 'mail', run: () => failing }] });
    const { id } = await enqueuer.enqueue('mail', { n: 1 });
    await shared().run(id);
    await client.pause('mail');
    const { poolId } = pool;
    const entry = await putBackAsGo(shared(), poolId);
    fail();
    await waitFor('the settle', () => events.find(({ type }) => type === 'job_lost'));
    expect(await redis.zcard(keyspace.retry)).toBe(0);
    expect(await redis.lrange(keyspace.queue('mail'), 0, -1)).toEqual([entry]);
    expect(await locksOf(shared())).toEqual({ lock: 0, held: { [poolId]: '0' } });
    await pool.stop();
    await client.resume('mail');
    const go = await shared().goPool({ jobs });
    await go.started(id);
  });
});

/** What Go's reaper does first of all, before it takes the pool out of worker_pools (gocraft/work, redisLuaReenqueueJob). */
async function putBackAsGo({ redis, keyspace }: SharedNamespace, poolId: string): Promise<string | null> {
  const entry = await redis.rpoplpush(keyspace.inProgress('mail', poolId), keyspace.queue('mail'));
  await redis.decr(keyspace.lock('mail'));
  await redis.hincrby(keyspace.lockInfo('mail'), poolId, -1);
  return entry;
}

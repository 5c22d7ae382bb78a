import { waitFor } from '../support/index.js';
import { describeEachGo, describeGo, locksOf } from './support/index.js';

/** A pool of ours takes others for dead within about 12 s. */
const RECOVERED_MS = 60_000;
const TEST_MS = 120_000;

describeEachGo('A Go pool that is killed', ({ shared }) => {
  it(
    'is recovered by ours: its jobs run again before what waits, and nothing of it is left',
    async () => {
      const { enqueuer, redis, keyspace } = shared();
      const jobs = [{ name: 'mail', maxConcurrency: 2, wait: true }];
      const go = await shared().goPool({ jobs, concurrency: 2 });
      const taken = [await enqueuer.enqueue('mail', { n: 1 }), await enqueuer.enqueue('mail', { n: 2 })];
      for (const { id } of taken) await go.started(id);
      const waits = await enqueuer.enqueue('mail', { n: 3 });
      const pool = shared()
        .ourPool()
        .job('mail', { maxConcurrency: 2 }, () => undefined);
      await pool.start();
      await go.kill();
      await waitFor('three runs in ours', () => shared().runs.length === 3, RECOVERED_MS);
      expect(shared().runs.map(({ id }) => id)).toEqual([...idsOf(taken), waits.id]);
      expect(shared().runs.map(({ attempt }) => attempt)).toEqual([1, 1, 1]);
      expect(shared().events).toContainEqual(
        expect.objectContaining({ type: 'pool_reaped', poolId: go.poolId, recovered: 2, poisoned: 0 }),
      );
      await pool.drain();
      await waitFor('the locks to be free', async () => (await locksOf(shared())).lock === 0);
      expect((await locksOf(shared())).held).not.toHaveProperty(go.poolId);
      expect(await redis.smembers(keyspace.workerPools)).toEqual([pool.poolId]);
      expect(await redis.exists(keyspace.heartbeat(go.poolId), keyspace.inProgress('mail', go.poolId))).toBe(0);
    },
    TEST_MS,
  );
});

describeGo('v0.5.1', 'A Go pool that ours took for dead while it slept', ({ shared }) => {
  it(
    'settles the job that runs in ours by now, which is then to run once more',
    async () => {
      const { enqueuer, redis, keyspace } = shared();
      const jobs = [{ name: 'mail', wait: true, backoffSeconds: 300 }];
      const go = await shared().goPool({ jobs, concurrency: 1 });
      const { id } = await enqueuer.enqueue('mail', { n: 1 });
      await go.started(id);
      go.signal('SIGSTOP');
      let end = () => {};
      const pool = shared()
        .ourPool()
        .job('mail', {}, () => new Promise<void>((resolve) => (end = resolve)));
      await pool.start();
      await waitFor('its run in ours', () => shared().runs.length === 1, RECOVERED_MS);
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

const idsOf = (jobs: readonly { readonly id: string }[]) => jobs.map(({ id }) => id);

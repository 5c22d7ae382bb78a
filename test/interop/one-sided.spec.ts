import { waitFor } from '../support/index.js';
import {
  describeEachGo,
  failWith,
  LATER_SECONDS,
  locksOf,
  makeDue,
  UNKNOWN_IN_GO,
  type GoListedJob,
  type SharedNamespace,
} from './support/index.js';

/** Ours looks every 2 s, and finds a heartbeat that stands still with the fifth look. */
const RECOVERED_MS = 60_000;
const TEST_MS = 120_000;

const ofOurs = { jobs: [{ name: 'only_ours' }] };
const ofGo = { jobs: [{ name: 'only_go' }] };

describeEachGo('A job of a type that only Go knows', ({ shared }) => {
  it('waits in its queue when ours moves it at its time, and runs in Go when that comes', async () => {
    const { enqueuer, redis, keyspace } = shared();
    await shared().startOurs(ofOurs);
    const byGo = await shared().goProducer().enqueueIn('only_go', 0, { n: 1 });
    const byOurs = await enqueuer.enqueueIn('only_go', 0, { n: 2 });
    await waitFor('both to be moved', async () => (await redis.llen(keyspace.queue('only_go'))) === 2);
    const go = await shared().goPool(ofGo);
    for (const { id } of [byGo, byOurs]) await go.ended(id);
    expect(await redis.zcard(keyspace.dead)).toBe(0);
  });

  it('waits for its next attempt in Go when ours moves it', async () => {
    const { redis, keyspace } = shared();
    const { id } = await shared().goProducer().enqueue('only_go', { n: 1 });
    const failing = await shared().goPool({ jobs: [{ name: 'only_go', fail: 'boom', backoffSeconds: LATER_SECONDS }] });
    await failing.ended(id);
    await waitFor('its failure', async () => (await redis.zcard(keyspace.retry)) > 0);
    await failing.stop();
    await makeDue(shared());
    await shared().startOurs(ofOurs);
    await waitFor('it to be moved', async () => (await redis.llen(keyspace.queue('only_go'))) > 0);
    const go = await shared().goPool(ofGo);
    expect((await go.started(id)).fails).toBe(1);
    expect(await redis.zcard(keyspace.dead)).toBe(0);
  });

  it(
    'comes back to its queue through ours when the Go pool that runs it is killed, and waits there for another',
    async () => {
      const { redis, keyspace, client } = shared();
      const { id, t } = await shared().goProducer().enqueue('only_go', { n: 1 });
      const killed = await shared().goPool({ jobs: [{ name: 'only_go', wait: true }] });
      await killed.started(id);
      await shared().startOurs(ofOurs);
      await killed.kill();
      const isBack = async () => (await redis.llen(keyspace.queue('only_go'))) === 1;
      await waitFor('it to be back in its queue', isBack, RECOVERED_MS);
      expect(await redis.exists(keyspace.inProgress('only_go', killed.poolId), keyspace.dead, keyspace.retry)).toBe(0);
      expect((await client.quarantinedJobs()).count).toBe(0);
      expect((await locksOf(shared(), 'only_go')).lock).toBe(0);
      const go = await shared().goPool(ofGo);
      expect(await go.ended(id)).toMatchObject({ t, args: { n: 1 }, fails: 0 });
    },
    TEST_MS,
  );
});

describeEachGo('A job of a type that only ours knows', ({ shared }) => {
  it('waits in its queue beside a Go pool, and runs in ours when that comes', async () => {
    const go = await shared().goPool(ofGo);
    const byGo = await shared().goProducer().enqueue('only_ours', { n: 1 });
    const byOurs = await shared().enqueuer.enqueue('only_ours', { n: 2 });
    await go.drain();
    await shared().startOurs(ofOurs);
    for (const { id } of [byGo, byOurs]) await shared().run(id);
  });

  it('is found among the dead where a Go pool buried it at its time, and brought back by the client', async () => {
    const { client, enqueuer } = shared();
    await shared().goPool(ofGo);
    const { id } = await enqueuer.enqueueIn('only_ours', 0, { n: 1 });
    expect(await buried(shared())).toMatchObject([{ name: 'only_ours', id, err: UNKNOWN_IN_GO }]);
    expect((await client.jobById(id)).found?.place).toMatchObject({ state: 'dead' });
    expect(await client.retryUnknownJobs()).toEqual({ retried: 0, jobNames: [] });
    await shared().startOurs(ofOurs);
    expect(await client.retryUnknownJobs()).toEqual({ retried: 1, jobNames: ['only_ours'] });
    expect((await shared().run(id)).attempt).toBe(1);
  });

  it('is brought back with its attempts by a pool of ours that was told to, and not by one that was not', async () => {
    const { enqueuer, redis, keyspace, events } = shared();
    const { id } = await enqueuer.enqueue('only_ours', { n: 1 });
    const type = { name: 'only_ours', backoff: () => LATER_SECONDS, run: failWith('boom') };
    const failing = await shared().startOurs({ jobs: [type] });
    await waitFor('its failure', async () => (await redis.zcard(keyspace.retry)) > 0);
    await failing.stop();
    await makeDue(shared());
    const go = await shared().goPool(ofGo);
    expect(await buried(shared())).toMatchObject([{ id, err: UNKNOWN_IN_GO, fails: 1 }]);
    await go.stop();

    await (await shared().startOurs(ofOurs)).drain();
    expect(await redis.zcard(keyspace.dead)).toBe(1);
    const found = { type: 'unknown_jobs_found', found: 1, jobNames: ['only_ours'] };
    await waitFor('the finding', () => events.some(({ type }) => type === found.type));
    expect(events).toContainEqual(found);
    await shared().startOurs({ ...ofOurs, retryUnknownJobs: true });
    expect((await shared().run(id, 2)).attempt).toBe(2);
    expect(await redis.zcard(keyspace.dead)).toBe(0);
    expect(events).toContainEqual({ type: 'unknown_jobs_retried', retried: 1, jobNames: ['only_ours'] });
  });
});

/** What a Go requeuer sent to dead, as Go's client has it. */
async function buried(shared: SharedNamespace): Promise<readonly GoListedJob[]> {
  await waitFor('a dead job', async () => (await shared.redis.zcard(shared.keyspace.dead)) > 0);
  return (await shared.goClient().deadJobs()).jobs;
}

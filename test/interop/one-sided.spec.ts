import { waitFor } from '../support/index.js';
import { describeEachGo, LATER_SECONDS, makeDue, type GoListedJob, type SharedNamespace } from './support/index.js';

const UNKNOWN = 'unknown job when requeueing';
const ofGo = { jobs: [{ name: 'only_go' }] };

describeEachGo('A job of a type that only Go knows', ({ shared }) => {
  it('waits in its queue when ours moves it at its time, and runs in Go when that comes', async () => {
    const { enqueuer, redis, keyspace } = shared();
    await startOurs(shared());
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
    await startOurs(shared());
    await waitFor('it to be moved', async () => (await redis.llen(keyspace.queue('only_go'))) > 0);
    const go = await shared().goPool(ofGo);
    expect((await go.started(id)).fails).toBe(1);
    expect(await redis.zcard(keyspace.dead)).toBe(0);
  });
});

describeEachGo('A job of a type that only ours knows', ({ shared }) => {
  it('waits in its queue beside a Go pool, and runs in ours when that comes', async () => {
    const go = await shared().goPool(ofGo);
    const byGo = await shared().goProducer().enqueue('only_ours', { n: 1 });
    const byOurs = await shared().enqueuer.enqueue('only_ours', { n: 2 });
    await go.drain();
    await startOurs(shared());
    for (const { id } of [byGo, byOurs]) await shared().run(id);
  });

  it('is found among the dead where a Go pool buried it at its time, and brought back by the client', async () => {
    const { client, enqueuer } = shared();
    await shared().goPool(ofGo);
    const { id } = await enqueuer.enqueueIn('only_ours', 0, { n: 1 });
    expect(await buried(shared())).toMatchObject([{ name: 'only_ours', id, err: UNKNOWN }]);
    expect((await client.jobById(id)).found?.place).toMatchObject({ state: 'dead' });
    expect(await client.retryUnknownJobs()).toEqual({ retried: 0, jobNames: [] });
    await startOurs(shared());
    expect(await client.retryUnknownJobs()).toEqual({ retried: 1, jobNames: ['only_ours'] });
    expect((await shared().run(id)).attempt).toBe(1);
  });

  it('is brought back with its attempts by a pool of ours that was told to, and not by one that was not', async () => {
    const { enqueuer, redis, keyspace, events } = shared();
    const { id } = await enqueuer.enqueue('only_ours', { n: 1 });
    const failing = shared()
      .ourPool()
      .job('only_ours', { backoff: () => LATER_SECONDS }, () => {
        throw new Error('boom');
      });
    await failing.start();
    await waitFor('its failure', async () => (await redis.zcard(keyspace.retry)) > 0);
    await failing.stop();
    await makeDue(shared());
    const go = await shared().goPool(ofGo);
    expect(await buried(shared())).toMatchObject([{ id, err: UNKNOWN, fails: 1 }]);
    await go.stop();

    await (await startOurs(shared())).drain();
    expect(await redis.zcard(keyspace.dead)).toBe(1);
    const found = { type: 'unknown_jobs_found', found: 1, jobNames: ['only_ours'] };
    await waitFor('the finding', () => events.some(({ type }) => type === found.type));
    expect(events).toContainEqual(found);
    await startOurs(shared(), { retryUnknownJobs: true });
    expect((await shared().run(id, 2)).attempt).toBe(2);
    expect(await redis.zcard(keyspace.dead)).toBe(0);
    expect(events).toContainEqual({ type: 'unknown_jobs_retried', retried: 1, jobNames: ['only_ours'] });
  });
});

async function startOurs(shared: SharedNamespace, options: { readonly retryUnknownJobs?: boolean } = {}) {
  const pool = shared.ourPool(options).job('only_ours', {}, () => undefined);
  await pool.start();
  return pool;
}

/** What a Go requeuer sent to dead, as Go's client has it. */
async function buried(shared: SharedNamespace): Promise<readonly GoListedJob[]> {
  await waitFor('a dead job', async () => (await shared.redis.zcard(shared.keyspace.dead)) > 0);
  return (await shared.goClient().deadJobs()).jobs;
}

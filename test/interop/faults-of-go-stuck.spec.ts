import { encodeNewJob } from '#protocol';
import { waitFor } from '../support/index.js';
import { FaultyProxy } from '../support/faulty-proxy.js';
import { describeEachGo, locksOf, takeForDead, type GoWorker } from './support/index.js';

const NO_JOB = 'no job';

describeEachGo('What a Go pool takes and does not settle', ({ shared }) => {
  const singly = { jobs: [{ name: 'mail', maxConcurrency: 1 }], concurrency: 1 };
  let proxy: FaultyProxy;
  beforeEach(() => (proxy = new FaultyProxy(shared().test.url)));
  afterEach(() => proxy.close());

  it('holds its limit, of ours too, and is run when the pool is gone: a job whose fetch lost its reply', async () => {
    const { client, enqueuer } = shared();
    const go = await shared().goPool({ ...singly, redis: await proxy.listen() });
    await client.pause('mail');
    const lost = await enqueuer.enqueue('mail', null);
    go.signal('SIGSTOP');
    await whatWasSentIsAnswered();
    const cut = proxy.next('lose reply', ':inprogress');
    await client.resume('mail');
    go.signal('SIGCONT');
    await cut;
    const next = await expectNothingRuns(go);
    await bury(go);
    for (const id of [lost.id, next]) await shared().run(id);
    await waitFor('the lock to be free', async () => (await locksOf(shared())).lock === 0);
  });

  it.each([
    ['ended well', {}],
    ['failed', { fail: 'boom' }],
  ])(
    'holds its limit, of ours too, and runs anew when the pool is gone: a job that %s unknown to Redis',
    async (_, how) => {
      const { enqueuer, redis, keyspace } = shared();
      const go = await shared().goPool({ jobs: [{ ...singly.jobs[0]!, ...how }], redis: await proxy.listen() });
      const cut = proxy.next('lose request', 'LREM');
      const { id } = await enqueuer.enqueue('mail', null);
      await go.ended(id);
      await cut;
      await expectNothingRuns(go);
      await bury(go);
      expect((await shared().run(id)).attempt).toBe(1);
      expect(await redis.exists(keyspace.retry)).toBe(0);
    },
  );

  it('holds its limit, of ours too, and is put aside when the pool is gone: what is no job, in a queue', async () => {
    const { client, redis, keyspace } = shared();
    const go = await shared().goPool(singly);
    await redis.lpush(keyspace.queue('mail'), NO_JOB);
    await waitFor('Go to take it', async () => (await redis.llen(keyspace.inProgress('mail', go.poolId))) === 1);
    const next = await expectNothingRuns(go);
    await bury(go);
    await shared().run(next);
    expect((await client.quarantinedJobs()).entries).toMatchObject([{ text: NO_JOB }]);
    await waitFor('the lock to be free', async () => (await locksOf(shared())).lock === 0);
  });

  it('holds its limit, of ours too, until the pool is gone: what stood in the queue of another name', async () => {
    const { client, redis, keyspace } = shared();
    const go = await shared().goPool(singly);
    const stray = encodeNewJob({ name: 'report', id: 'stray', t: 1, argsJson: 'null' });
    await redis.lpush(keyspace.queue('mail'), stray);
    await waitFor('Go to give it up', async () => (await client.deadJobs()).count === 1);
    const next = await expectNothingRuns(go);
    await bury(go);
    await shared().run(next);
    await waitFor('the lock to be free', async () => (await locksOf(shared())).lock === 0);
  });

  it('makes Go’s client panic over the queues, while what is no job is the next; ours tells of them', async () => {
    const { client, redis, keyspace } = shared();
    await redis.sadd(keyspace.knownJobs, 'mail');
    await redis.lpush(keyspace.queue('mail'), NO_JOB);
    const goClient = shared().goClient();
    await expect(goClient.queues()).rejects.toThrow(
      'panic: runtime error: invalid memory address or nil pointer dereference',
    );
    expect(await client.queues()).toMatchObject([{ jobName: 'mail', count: 1 }]);
  });

  /** Of a program that was stopped: the proxy reads it before what is sent later. */
  async function whatWasSentIsAnswered(): Promise<void> {
    for (let turn = 0; turn < 3; turn++) await shared().redis.ping();
  }

  /** Neither in Go nor in ours, which both look; answers the job that waits. */
  async function expectNothingRuns(go: GoWorker): Promise<string> {
    const { client, enqueuer, runs } = shared();
    const began = go.starts.length;
    expect(await locksOf(shared())).toEqual({ lock: 1, held: { [go.poolId]: '1' } });
    const { id } = await enqueuer.enqueue('mail', null);
    const ours = await shared().startOurs({ jobs: [{ name: 'mail' }] });
    await Promise.all([ours.drain(), go.drain()]);
    expect([go.starts.length, runs]).toEqual([began, []]);
    expect((await client.waitingJobs('mail')).count).toBe(1);
    return id;
  }

  async function bury(go: GoWorker): Promise<void> {
    await go.kill();
    await takeForDead(shared());
  }
});

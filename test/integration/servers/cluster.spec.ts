import { Client, Enqueuer, WorkerPool, type WorkEvent, type WorkerPoolOptions } from '#engine';
import { Keyspace } from '#protocol';
import { Cluster } from 'ioredis';
import { randomBytes } from 'node:crypto';
import { waitFor } from '../../support/index.js';
import { OwnCluster } from './own-cluster.js';
import { describeMode } from './server-modes.js';

type JobFinished = Extract<WorkEvent, { type: 'job_finished' }>;

describeMode('Cluster')('On a Cluster', () => {
  let cluster: OwnCluster;
  let redis: Cluster;
  let keyspace: Keyspace;
  let enqueuer: Enqueuer;
  let client: Client;
  let events: WorkEvent[];
  const pools: WorkerPool[] = [];

  beforeAll(async () => void (cluster = await OwnCluster.start()), 60_000);
  afterAll(() => cluster?.close());
  beforeEach(() => {
    keyspace = new Keyspace(`{t${randomBytes(6).toString('hex')}}`);
    redis = new Cluster(cluster.nodes);
    enqueuer = new Enqueuer({ redis, keyspace });
    client = new Client({ redis, keyspace });
    events = [];
  });
  afterEach(async () => {
    await Promise.all(pools.splice(0).map((pool) => pool.stop({ gracePeriodMs: 0 })));
    await enqueuer.close();
    redis.disconnect();
  });

  function newPool(options: Partial<WorkerPoolOptions> = {}): WorkerPool {
    const { namespace } = keyspace;
    const report = (event: WorkEvent) => void events.push(event);
    const pool = new WorkerPool({ namespace, connection: { nodes: cluster.nodes }, report, ...options });
    pools.push(pool);
    return pool;
  }

  const runs = () => events.filter((event): event is JobFinished => event.type === 'job_finished');
  const fates = () => runs().map(({ outcome }) => outcome.kind);

  it('each job runs once, enqueued alone or with hundreds', async () => {
    const seen: number[] = [];
    const pool = newPool({ concurrency: 50 }).job('mail', {}, ({ args }) => void seen.push(args?.['n'] as number));
    await enqueuer.enqueue('mail', { n: 0 });
    await pool.start();
    const others = Array.from({ length: 500 }, (_, index) => index + 1);
    await enqueuer.enqueueMany(
      'mail',
      others.map((n) => ({ n })),
    );
    await pool.drain();
    expect(seen.toSorted((left, right) => left - right)).toEqual([0, ...others]);
  });

  it('a job that fails is retried and given up, and runs once more when the client says so', async () => {
    let isMended = false;
    const pool = newPool().job('flaky', { maxFails: 2, backoff: () => 0 }, () => {
      if (!isMended) throw new Error('not yet');
    });
    const { id } = await enqueuer.enqueue('flaky', null);
    await pool.start();
    await waitFor('the dead set', async () => (await client.deadJobs()).count === 1);
    expect(fates()).toEqual(['retry', 'dead']);
    isMended = true;
    await client.retryAllDeadJobs();
    await waitFor('its success', () => fates().length === 3);
    expect(runs().at(-1)).toMatchObject({ jobId: id, outcome: { kind: 'succeeded' } });
  });

  it('a job runs at its time, and a periodic one at each tick', async () => {
    const seen: string[] = [];
    const pool = newPool()
      .job('later', {}, ({ name }) => void seen.push(name))
      .job('ticks', {}, ({ name }) => void seen.push(name))
      .periodicallyEnqueue('* * * * * *', 'ticks', { timezone: 'UTC' });
    await pool.start();
    await enqueuer.enqueueIn('later', 1, null);
    await waitFor('both', () => seen.includes('later') && seen.filter((name) => name === 'ticks').length >= 2);
  });

  it('a unique job waits once, and again when it has run', async () => {
    const pool = newPool().job('sync', {}, () => {});
    expect(await enqueuer.enqueueUnique('sync', { order: 1 })).not.toBeNull();
    expect(await enqueuer.enqueueUnique('sync', { order: 1 })).toBeNull();
    expect(await enqueuer.enqueueUnique('sync', { order: 2 })).not.toBeNull();
    await pool.start();
    await pool.drain();
    expect(fates()).toEqual(['succeeded', 'succeeded']);
    expect(await enqueuer.enqueueUnique('sync', { order: 1 })).not.toBeNull();
  });

  it('a limit holds over two pools', async () => {
    let running = 0;
    let most = 0;
    for (const pool of [newPool(), newPool()]) {
      pool.job('scarce', { maxConcurrency: 3 }, async () => {
        most = Math.max(most, (running += 1));
        await new Promise(setImmediate);
        running -= 1;
      });
      await pool.start();
    }
    await enqueuer.enqueueMany('scarce', Array<null>(200).fill(null));
    await waitFor('all', () => fates().length === 200);
    expect(most).toBe(3);
  });

  it('a pool that stops gives back what runs, and another runs it', async () => {
    const run = newPool({ gracePeriodMs: 0 });
    run.job('long', {}, ({ signal }) => new Promise((_, reject) => signal.addEventListener('abort', reject)));
    const { id } = await enqueuer.enqueue('long', null);
    await run.start();
    await waitFor('its start', () => run.runningCount === 1);
    await run.stop();
    expect(fates()).toEqual(['interrupted']);
    const pool = newPool().job('long', {}, () => {});
    await pool.start();
    await pool.drain();
    expect(runs().at(-1)).toMatchObject({ jobId: id, attempt: 1, outcome: { kind: 'succeeded' } });
  });

  it('the client shows queues and pools, and pauses a job type', async () => {
    const pool = newPool().job('mail', {}, () => {});
    await pool.start();
    await client.pause('mail', { mayBeUnknown: true });
    await enqueuer.enqueue('mail', null);
    expect(await client.queues()).toMatchObject([{ jobName: 'mail', count: 1, isPaused: true }]);
    expect(await client.workerPoolHeartbeats()).toMatchObject([{ poolId: pool.poolId, jobNames: ['mail'] }]);
    await client.resume('mail');
    await waitFor('its run', () => fates().length === 1);
  });

  it('nothing is lost while all of it moves to another node', async () => {
    const seen = new Set<number>();
    const pool = newPool().job('mail', {}, async ({ args }) => {
      await new Promise(setImmediate);
      seen.add(args?.['n'] as number);
    });
    await pool.start();
    let n = 0;
    let isMoving = true;
    const enqueueing = (async () => {
      while (isMoving) await enqueuer.enqueue('mail', { n: n++ });
    })();
    await waitFor('some jobs', () => seen.size > 20);
    await cluster.moveSlotOf(keyspace.workerPools);
    isMoving = false;
    await enqueueing;
    await waitFor('every job', () => seen.size === n);
  });
});

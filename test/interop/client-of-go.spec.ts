import { hostname } from 'node:os';
import type { JobRun } from '#engine';
import { waitFor } from '../support/index.js';
import {
  describeEachGo,
  FILLED,
  fillByOurs,
  GoError,
  LATER_SECONDS,
  seconds,
  type GoClient,
  type GoListedJob,
  type GoPage,
} from './support/index.js';

const ARGS = { to: 'ada', text: '<é>', list: [1e-7, []], n: 9007199254740993n };

describeEachGo('The Go client, on what is ours', ({ shared }) => {
  const pages: Record<string, (client: GoClient, page: number) => Promise<GoPage>> = {
    scheduled: (client, page) => client.scheduledJobs(page),
    retry: (client, page) => client.retryJobs(page),
    dead: (client, page) => client.deadJobs(page),
  };
  const waiting = () => shared().redis.llen(shared().keyspace.queue('buried'));

  it('reads the heartbeats of our pools', async () => {
    const began = seconds();
    const pools = [
      await shared().startOurs({ jobs: [{ name: 'report' }, { name: 'mail' }], concurrency: 3 }),
      await shared().startOurs({ jobs: [{ name: 'mail' }], concurrency: 1 }),
    ];
    const heartbeats = await shared().goClient().heartbeats();
    const here = { pid: process.pid, host: hostname() };
    expect([...heartbeats].sort((a, b) => b.concurrency - a.concurrency)).toMatchObject([
      { worker_pool_id: pools[0]!.poolId, concurrency: 3, job_names: ['mail', 'report'], ...here },
      { worker_pool_id: pools[1]!.poolId, concurrency: 1, job_names: ['mail'], ...here },
    ]);
    for (const { worker_ids, concurrency, started_at, heartbeat_at } of heartbeats) {
      expect(new Set(worker_ids).size).toBe(concurrency);
      expect(started_at).toBeGreaterThanOrEqual(began);
      expect(heartbeat_at).toBeGreaterThanOrEqual(started_at);
      expect(heartbeat_at).toBeLessThanOrEqual(seconds());
    }
  });

  it('reads nothing of a pool of ours that has stopped', async () => {
    const pool = await shared().startOurs({ jobs: [{ name: 'mail' }] });
    await pool.stop();
    const client = shared().goClient();
    expect([await client.heartbeats(), await client.observations()]).toEqual([[], []]);
  });

  it('reads what our workers do, and how far they are', async () => {
    let end = () => {};
    const run = (job: JobRun) => {
      job.checkin('half of it');
      return new Promise<void>((resolve) => (end = resolve));
    };
    await shared().startOurs({ jobs: [{ name: 'mail', run }], concurrency: 2 });
    const { id } = await shared().enqueuer.enqueue('mail', ARGS);
    const client = shared().goClient();
    const busy = await waitFor('the record of the job', async () => {
      return (await client.observations()).find(({ checkin }) => checkin !== '');
    });
    const { startedAtMs } = await shared().run(id);
    expect(busy).toMatchObject({
      is_busy: true,
      job_name: 'mail',
      job_id: id,
      started_at: Math.floor(startedAtMs / 1000),
      args_json: String.raw`{"list":[1e-7,[]],"n":9007199254740993,"text":"\u003cé\u003e","to":"ada"}`,
      checkin: 'half of it',
    });
    expect(busy.checkin_at).toBeGreaterThanOrEqual(busy.started_at);
    const all = await client.observations();
    expect(all.map(({ is_busy }) => is_busy)).toEqual(expect.arrayContaining([false, true]));
    end();
  });

  it('reads our queues', async () => {
    for (const name of ['mail', 'mail', 'report']) await shared().enqueuer.enqueue(name, ARGS);
    await shared().enqueuer.enqueueIn('later', LATER_SECONDS, null);
    const queues = await shared().goClient().queues();
    expect(queues).toMatchObject([
      { job_name: 'later', count: 0, latency: 0 },
      { job_name: 'mail', count: 2 },
      { job_name: 'report', count: 1 },
    ]);
    for (const { latency } of queues) expect([0, 1, 2, 3]).toContain(latency);
  });

  it.each<[string, string, keyof GoListedJob]>([
    ['scheduled', 'later', 'run_at'],
    ['retry', 'retried', 'retry_at'],
    ['dead', 'buried', 'died_at'],
  ])('reads every page of our jobs: %s', async (set, name, time) => {
    const began = seconds();
    await fillByOurs(shared());
    const client = shared().goClient();
    const read = await Promise.all([1, 2, 3, 4].map((page) => pages[set]!(client, page)));
    expect(read.map(({ jobs, count }) => [jobs.length, count])).toEqual([20, 20, 1, 0].map((here) => [here, FILLED]));
    const jobs = read.flatMap((page) => page.jobs);
    expect(jobs.map(({ args }) => args!['n']).sort((a, b) => Number(a) - Number(b))).toEqual([...Array(FILLED).keys()]);
    for (const job of jobs) {
      expect(job).toMatchObject({ name, id: expect.stringMatching(/^[0-9a-f]{24}$/) });
      expect(job[time]).toBeGreaterThanOrEqual(began);
      if (set !== 'scheduled') expect(job).toMatchObject({ fails: 1, err: 'boom in ours' });
    }
  });

  it('brings our dead jobs back, and deletes them', async () => {
    await fillByOurs(shared());
    const client = shared().goClient();
    const [first, second] = (await client.deadJobs()).jobs;
    await client.retryDeadJob(first!.died_at!, first!.id);
    await client.deleteDeadJob(second!.died_at!, second!.id);
    expect([await waiting(), (await client.deadJobs()).count]).toEqual([1, FILLED - 2]);
    await client.retryAllDeadJobs();
    expect([await waiting(), (await client.deadJobs()).count]).toEqual([FILLED - 1, 0]);
    await expect(client.retryDeadJob(first!.died_at!, first!.id)).rejects.toThrow(new GoError('nothing retried'));
    const pool = await shared().startOurs({ jobs: [{ name: 'buried' }] });
    await pool.drain();
    const attempts = shared()
      .runs.filter(({ name }) => name === 'buried')
      .slice(-(FILLED - 1))
      .map(({ attempt }) => attempt);
    expect(attempts).toEqual(Array(FILLED - 1).fill(1));
  });

  it('deletes our scheduled jobs and retries, and all of the dead', async () => {
    await fillByOurs(shared());
    const client = shared().goClient();
    const [scheduled] = (await client.scheduledJobs()).jobs;
    const [retry] = (await client.retryJobs()).jobs;
    await client.deleteScheduledJob(scheduled!.run_at!, scheduled!.id);
    await client.deleteRetryJob(retry!.retry_at!, retry!.id);
    await client.deleteAllDeadJobs();
    const counts = [await client.scheduledJobs(), await client.retryJobs(), await client.deadJobs()];
    expect(counts.map(({ count }) => count)).toEqual([FILLED - 1, FILLED - 1, 0]);
  });

  it('frees the uniqueness of our scheduled job that it deletes, but not that by a key', async () => {
    const { enqueuer } = shared();
    const client = shared().goClient();
    await enqueuer.enqueueUniqueIn('mail', LATER_SECONDS, { to: 'ada' });
    await enqueuer.enqueueUniqueInByKey('mail', LATER_SECONDS, { n: 1 }, { to: 'bob' });
    for (const { run_at, id } of (await client.scheduledJobs()).jobs) await client.deleteScheduledJob(run_at!, id);
    expect(await enqueuer.enqueueUnique('mail', { to: 'ada' })).not.toBeNull();
    expect(await enqueuer.enqueueUniqueByKey('mail', { n: 2 }, { to: 'bob' })).toBeNull();
  });
});

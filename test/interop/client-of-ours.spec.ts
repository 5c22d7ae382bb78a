import type { JobPage } from '#engine';
import { waitFor } from '../support/index.js';
import { describeEachGo, FILLED, fillByGo, LATER_SECONDS, seconds } from './support/index.js';

const ARGS = { to: 'ada', text: '<é>', list: [1e-7, []] };

const listed = ({ jobs }: JobPage) =>
  jobs.map((entry) => {
    if (entry.kind !== 'job') throw new Error(`"${entry.text}" is no job: ${entry.reason}`);
    return entry;
  });

describeEachGo('Our client, on what is of Go', ({ shared }) => {
  it('reads the heartbeats of Go pools', async () => {
    const began = seconds();
    const pools = [
      await shared().goPool({ concurrency: 3, jobs: [{ name: 'report' }, { name: 'mail' }] }),
      await shared().goPool({ concurrency: 1, jobs: [{ name: 'mail' }] }),
    ];
    const heartbeats = await waitFor('two heartbeats', async () => {
      const beats = await shared().client.workerPoolHeartbeats();
      return beats.filter(({ heartbeatAt }) => heartbeatAt > 0).length === 2 && beats;
    });
    expect([...heartbeats].sort((a, b) => b.concurrency - a.concurrency)).toMatchObject([
      { poolId: pools[0]!.poolId, concurrency: 3, jobNames: ['mail', 'report'], pid: pools[0]!.pid },
      { poolId: pools[1]!.poolId, concurrency: 1, jobNames: ['mail'], pid: pools[1]!.pid },
    ]);
    for (const { workerIds, concurrency, startedAt, heartbeatAt, host } of heartbeats) {
      expect([new Set(workerIds).size, host]).toEqual([concurrency, expect.stringMatching(/./)]);
      expect(startedAt).toBeGreaterThanOrEqual(began);
      expect(heartbeatAt).toBeGreaterThanOrEqual(startedAt);
      expect(heartbeatAt).toBeLessThanOrEqual(seconds());
    }
    for (const pool of pools) await pool.stop();
    expect(await shared().client.workerPoolHeartbeats()).toEqual([]);
  });

  it('reads what Go workers do, and how far they are', async () => {
    const { id } = await shared().goProducer().enqueue('mail', ARGS);
    const go = await shared().goPool({ concurrency: 2, jobs: [{ name: 'mail', wait: true, checkin: 'half of it' }] });
    const { atMs } = await go.started(id);
    const busy = await waitFor('the record of the job', async () => {
      return (await shared().client.workerObservations()).find(({ checkin }) => checkin !== '');
    });
    expect(busy).toMatchObject({ isBusy: true, jobName: 'mail', jobId: id, checkin: 'half of it' });
    expect(busy.argsJson).toBe(String.raw`{"list":[1e-7,[]],"text":"\u003cé\u003e","to":"ada"}`);
    expect(Math.abs(busy.startedAt - atMs / 1000)).toBeLessThanOrEqual(1);
    expect(busy.checkinAt).toBeGreaterThanOrEqual(busy.startedAt);
    const all = await shared().client.workerObservations();
    expect(all.map(({ isBusy }) => isBusy)).toEqual(expect.arrayContaining([true, false]));
  });

  it("reads Go's queues, what runs of them, and their limits", async () => {
    const producer = shared().goProducer();
    const first = await producer.enqueue('mail', ARGS);
    for (const name of ['mail', 'mail', 'report']) await producer.enqueue(name, ARGS);
    await producer.enqueueIn('later', LATER_SECONDS, null);
    const go = await shared().goPool({ jobs: [{ name: 'mail', wait: true, maxConcurrency: 1 }] });
    await go.started(first.id);
    const queues = await shared().client.queues();
    expect(queues).toMatchObject([
      { jobName: 'later', count: 0, latencySeconds: 0, running: 0, maxConcurrency: 0 },
      { jobName: 'mail', count: 2, running: 1, maxConcurrency: 1 },
      { jobName: 'report', count: 1, running: 0, maxConcurrency: 0 },
    ]);
    for (const { latencySeconds, isPaused } of queues) expect([latencySeconds! < 4, isPaused]).toEqual([true, false]);
    expect(listed(await shared().client.waitingJobs('mail')).map(({ job }) => job.args)).toEqual([ARGS, ARGS]);
  });

  it.each([
    ['scheduled', 'later', (page: number) => shared().client.scheduledJobs(page)],
    ['retry', 'retried', (page: number) => shared().client.retryJobs(page)],
    ['dead', 'buried', (page: number) => shared().client.deadJobs(page)],
  ] as const)('reads every page of the jobs of Go: %s', async (set, name, read) => {
    const began = seconds();
    await fillByGo(shared());
    const pages = await Promise.all([1, 2, 3, 4].map(read));
    expect(pages.map(({ jobs, count }) => [jobs.length, count])).toEqual([20, 20, 1, 0].map((here) => [here, FILLED]));
    const jobs = pages.flatMap(listed);
    const numbers = jobs.map(({ job }) => Number(job.args!['n'])).sort((a, b) => a - b);
    expect(numbers).toEqual([...Array(FILLED).keys()]);
    for (const { at, job } of jobs) {
      expect(at).toBeGreaterThanOrEqual(began);
      expect(job.name).toBe(name);
      if (set !== 'scheduled') expect(job).toMatchObject({ fails: 1, err: 'boom in Go' });
    }
  });

  it('brings the dead jobs of Go back, deletes them, and starts those that wait for their time', async () => {
    await fillByGo(shared());
    const { client, redis, keyspace } = shared();
    const waiting = (name: string) => redis.llen(keyspace.queue(name));
    const [first, second] = listed(await client.deadJobs());
    await client.retryDeadJob(first!.at!, first!.job.id);
    await client.deleteDeadJob(second!.at!, second!.job.id);
    expect(await waiting('buried')).toBe(1);
    await client.retryAllDeadJobs();
    expect([await waiting('buried'), (await client.deadJobs()).count]).toEqual([FILLED - 1, 0]);

    const [scheduled, otherScheduled] = listed(await client.scheduledJobs());
    const [retry, otherRetry] = listed(await client.retryJobs());
    await client.runScheduledJobNow(scheduled!.at!, scheduled!.job.id);
    await client.runRetryJobNow(retry!.at!, retry!.job.id);
    await client.deleteScheduledJob(otherScheduled!.at!, otherScheduled!.job.id);
    await client.deleteRetryJob(otherRetry!.at!, otherRetry!.job.id);
    expect([await waiting('later'), await waiting('retried')]).toEqual([1, 1]);
    expect([await client.scheduledJobs(), await client.retryJobs()].map(({ count }) => count)).toEqual([
      FILLED - 2,
      FILLED - 2,
    ]);

    const go = await shared().goPool({ jobs: [{ name: 'buried' }, { name: 'later' }, { name: 'retried' }] });
    await go.drain();
    const fails = go.starts.map((run) => `${run.name} ${run.fails}`);
    expect(fails.sort()).toEqual([...Array(FILLED - 1).fill('buried 0'), 'later 0', 'retried 1']);
  });

  it('frees the uniqueness of the scheduled job of Go that it deletes', async () => {
    const producer = shared().goProducer();
    const job = await producer.enqueueUniqueIn('mail', LATER_SECONDS, ARGS);
    await shared().client.deleteScheduledJob(job!.run_at, job!.id);
    expect(await producer.enqueueUnique('mail', ARGS)).not.toBeNull();
  });

  it('finds a job of Go by its id, wherever it is', async () => {
    const producer = shared().goProducer();
    const [running, waiting, scheduled] = [
      await producer.enqueue('slow', ARGS),
      await producer.enqueue('mail', ARGS),
      await producer.enqueueIn('mail', LATER_SECONDS, ARGS),
    ];
    const go = await shared().goPool({ jobs: [{ name: 'slow', wait: true }] });
    await go.started(running.id);
    const places = await Promise.all(
      [running, waiting, scheduled].map(async ({ id }) => (await shared().client.jobById(id)).found?.place),
    );
    expect(places).toMatchObject([
      { state: 'running', poolId: go.poolId },
      { state: 'waiting' },
      { state: 'scheduled', at: scheduled.run_at },
    ]);
  });

  it('lists the ticks of periodic jobs that Go has put up', async () => {
    await shared().goPool({ jobs: [{ name: 'mail' }], periodic: [{ spec: '0 * * * * *', name: 'mail' }] });
    const jobs = await waitFor('the ticks', async () => {
      const page = listed(await shared().client.scheduledJobs());
      return page.length >= 3 && page;
    });
    for (const { at, job } of jobs)
      expect(job).toMatchObject({ id: `periodic:mail:0 * * * * *:${at}`, t: at, name: 'mail', args: null });
  });
});

describeEachGo('A worker of Go that began its job at once after another', ({ shared }) => {
  it('shows the checkin of the other still, which ours leaves out', async () => {
    const { client, enqueuer, redis, keyspace } = shared();
    const jobs = [
      { name: 'before', wait: true, checkin: 'half of it' },
      { name: 'after', wait: true },
    ];
    const go = await shared().goPool({ concurrency: 1, jobs });
    const observed = (id: string) =>
      waitFor('its observation', async () => (await client.workerObservations()).find(({ jobId }) => jobId === id));

    /** Go writes once a second: what falls between the two jobs by chance takes the checkin away. */
    for (let stale = false; !stale;) {
      const before = await enqueuer.enqueue('before', null);
      const { checkinAt } = await observed(before.id);
      await waitFor('the next second', () => seconds() > checkinAt);
      const after = await enqueuer.enqueue('after', null);
      go.end(before.id);
      const seen = await observed(after.id);
      expect(seen).toMatchObject({ checkin: '', checkinAt: 0 });
      stale = (await redis.hget(keyspace.observation(seen.workerId), 'checkin')) === 'half of it';
      go.end(after.id);
    }
  });
});

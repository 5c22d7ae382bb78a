import type { JobRun } from '#engine';
import { encodeNewJob } from '#protocol';
import { waitFor } from '../support/index.js';
import {
  describeEachGo,
  FILLED,
  fillByOurs,
  type GoHeartbeat,
  type GoObservation,
  type GoPage,
} from './support/index.js';

describeEachGo("Go's web UI, on what is ours", ({ shared }) => {
  let address: string;
  const request = async (method: string, path: string): Promise<unknown> => {
    const response = await fetch(`${address}${path}`, { method });
    expect([path, response.status]).toEqual([path, 200]);
    return await response.json();
  };
  const get = <T>(path: string) => request('GET', path) as Promise<T>;

  beforeEach(async () => void (address = await shared().goClient().serve()));

  it('lists our pools, what runs in them, and our queues', async () => {
    let end = () => {};
    const run = (job: JobRun) => {
      job.checkin('half of it');
      return new Promise<void>((resolve) => (end = resolve));
    };
    const pool = await shared().startOurs({ jobs: [{ name: 'mail', run }], concurrency: 2 });
    expect(await get('/busy_workers')).toBeNull();
    const { id } = await shared().enqueuer.enqueue('mail', { to: 'ada' });
    const busy = await waitFor('a busy worker', async () => (await get<GoObservation[] | null>('/busy_workers'))?.[0]);
    expect(busy).toMatchObject({ is_busy: true, job_name: 'mail', job_id: id, args_json: '{"to":"ada"}' });
    const pools = await get<GoHeartbeat[]>('/worker_pools');
    expect(pools).toMatchObject([{ worker_pool_id: pool.poolId, job_names: ['mail'], concurrency: 2 }]);
    expect(pools[0]!.worker_ids).toContain(busy.worker_id);
    await shared().enqueuer.enqueue('report', null);
    expect(await get('/queues')).toMatchObject([
      { job_name: 'mail', count: 0 },
      { job_name: 'report', count: 1 },
    ]);
    end();
  });

  it('lists every page of our jobs, and brings dead ones back', async () => {
    await fillByOurs(shared());
    const { keyspace } = shared();
    const idsIn = async (set: string) => (await shared().redis.zrange(set, 0, '-1')).map(idOf);
    const sets = {
      '/scheduled_jobs': { set: keyspace.scheduled, name: 'later', failed: {} },
      '/retry_jobs': { set: keyspace.retry, name: 'retried', failed: { fails: 1, err: 'boom in ours' } },
      '/dead_jobs': { set: keyspace.dead, name: 'buried', failed: { fails: 1, err: 'boom in ours' } },
    };
    for (const [path, { set, name, failed }] of Object.entries(sets)) {
      const pages = await Promise.all([1, 2, 3].map((page) => get<GoPage>(`${path}?page=${page}`)));
      expect(pages.map(({ count, jobs }) => [count, jobs.length])).toEqual([20, 20, 1].map((here) => [FILLED, here]));
      const listed = pages.flatMap(({ jobs }) => jobs);
      expect(listed.map(({ id }) => id)).toEqual(await idsIn(set));
      for (const job of listed) expect([path, job]).toEqual([path, expect.objectContaining({ name, ...failed })]);
      const numbers = listed.map(({ args }) => Number(args!['n']));
      expect(numbers.sort((a, b) => a - b)).toEqual([...Array(FILLED).keys()]);
    }

    const [first, second, ...others] = await idsIn(keyspace.dead);
    const { jobs } = await get<GoPage>('/dead_jobs');
    expect(await request('POST', `/retry_dead_job/${jobs[0]!.died_at}/${first}`)).toEqual({ status: 'ok' });
    expect(await request('POST', `/delete_dead_job/${jobs[1]!.died_at}/${second}`)).toEqual({ status: 'ok' });
    expect(await request('POST', '/retry_all_dead_jobs')).toEqual({ status: 'ok' });
    const waiting = (await shared().redis.lrange(keyspace.queue('buried'), 0, -1)).map(idOf);
    expect(waiting.sort()).toEqual([first!, ...others].sort());
    expect(await idsIn(keyspace.dead)).toEqual([]);
  });
});

describeEachGo("Go's web UI", ({ shared }) => {
  it('asks nobody who they are, and cannot name a job whose id has a slash, as those of periodic jobs may', async () => {
    const { client, redis, keyspace } = shared();
    const id = 'periodic:sweep:0 */5 * * * *:100';
    await redis.zadd(keyspace.dead, 100, encodeNewJob({ name: 'sweep', id, t: 100, argsJson: 'null' }));
    const address = await shared().goClient().serve();
    const listed = await fetch(`${address}/dead_jobs`);
    expect(((await listed.json()) as GoPage).jobs).toMatchObject([{ id }]);
    for (const call of ['delete_dead_job', 'retry_dead_job'])
      for (const name of [id, encodeURIComponent(id)]) {
        const { status } = await fetch(`${address}/${call}/100/${name}`, { method: 'POST' });
        expect([call, status]).toEqual([call, 404]);
      }
    await client.deleteDeadJob(100, id);
    expect(await redis.exists(keyspace.dead)).toBe(0);
  });
});

const idOf = (job: string) => (JSON.parse(job) as { readonly id: string }).id;

import { Connections, type Settlement } from '#store';
import type { HeldJob } from '../../../libs/engine/fetcher/index.js';
import { Waker } from '../../../libs/engine/waker/index.js';
import { FetchingPool, type FetchingPoolOptions } from '../../support/fetching-pool.js';
import { describeRedis, testRedis, waitFor, type TestRedis } from '../../support/index.js';
import { ManualClock } from '../../support/manual-clock.js';

const SUCCEEDED: Settlement = { kind: 'succeeded' };

describeRedis('Fetcher', () => {
  let test: TestRedis;
  const pools: FetchingPool[] = [];
  beforeEach(() => void (test = testRedis()));
  afterEach(async () => {
    await Promise.all(pools.splice(0).map((pool) => pool.close()));
    await test.close();
  });

  const poolOf = (options?: FetchingPoolOptions) => {
    const pool = new FetchingPool(test, options);
    pools.push(pool);
    return pool;
  };
  const push = (...jobs: (string | Buffer)[]) => test.redis.lpush(test.keyspace.queue('mail'), ...jobs);
  const numbered = (count: number) => Array.from({ length: count }, (_, i) => String(i));
  const waiting = () => test.redis.lrange(test.keyspace.queue('mail'), 0, -1);
  const inProgress = ({ poolId }: FetchingPool) => test.redis.lrange(test.keyspace.inProgress('mail', poolId), 0, -1);
  /** A handler that runs until the test ends it. */
  const held = () => {
    const jobs = new Map<string, { readonly job: HeldJob; end(settlement?: Settlement): void }>();
    const run = (job: HeldJob) =>
      new Promise<Settlement>((resolve) => {
        jobs.set(String(job.bytes), { job, end: (settlement = SUCCEEDED) => resolve(settlement) });
      });
    return { jobs, run };
  };

  it('runs every job once, in order, and leaves nothing behind', async () => {
    await push(...numbered(500));
    const pool = poolOf();
    await pool.start();
    await pool.fetcher.drain();
    expect(pool.started).toEqual(numbered(500));
    expect(pool.settled).toHaveLength(500);
    expect(await inProgress(pool)).toEqual([]);
    expect(await test.redis.get(test.keyspace.lock('mail'))).toBe('0');
  });

  it('runs no more jobs at once than it has slots', async () => {
    await push(...numbered(300));
    let running = 0;
    let most = 0;
    const run = async () => {
      most = Math.max(most, ++running);
      await new Promise(setImmediate);
      running -= 1;
      return SUCCEEDED;
    };
    const pool = poolOf({ run, concurrency: 7 });
    await pool.start();
    await pool.fetcher.drain();
    expect(most).toBe(7);
    expect(pool.started).toHaveLength(300);
  });

  it('keeps to a limit over all pools, at every moment', async () => {
    await push(...numbered(60));
    await test.redis.set(test.keyspace.maxConcurrency('mail'), 3);
    let running = 0;
    let most = 0;
    const run = async () => {
      most = Math.max(most, ++running);
      await new Promise(setImmediate);
      running -= 1;
      return SUCCEEDED;
    };
    const both = [poolOf({ run }), poolOf({ run })];
    for (const pool of both) await pool.start();
    await waitFor('all jobs', () => both.flatMap(({ settled }) => settled).length === 60);
    expect(most).toBe(3);
    expect(await test.redis.get(test.keyspace.lock('mail'))).toBe('0');
  });

  it('settles each job as its run says', async () => {
    await push('retried', 'done', 'dead');
    const run = ({ bytes }: HeldJob): Promise<Settlement> => {
      const kinds: Record<string, Settlement> = {
        retried: { kind: 'retry', score: 30, bytes, attempt: { jobId: 'r', line: '{"attempt":1}' } },
        dead: { kind: 'dead', score: 20, bytes },
      };
      return Promise.resolve(kinds[String(bytes)] ?? SUCCEEDED);
    };
    const pool = poolOf({ run });
    await pool.start();
    await waitFor('the settles', () => pool.settled.length === 3);
    expect([...pool.settled].sort()).toEqual(['dead dead', 'done succeeded', 'retried retry']);
    expect(await test.redis.zrange(test.keyspace.retry, '0', '-1')).toEqual(['retried']);
    expect(await test.redis.zrange(test.keyspace.dead, '0', '-1')).toEqual(['dead']);
    expect(await test.redis.lrange(test.keyspace.ext.attempts('r'), 0, -1)).toEqual(['{"attempt":1}']);
  });

  it('takes from queues in proportion to their priorities', async () => {
    for (const name of ['rare', 'often']) await test.redis.lpush(test.keyspace.queue(name), ...numbered(400));
    const seen: string[] = [];
    const run = ({ queueName }: HeldJob) => {
      seen.push(queueName);
      return Promise.resolve(SUCCEEDED);
    };
    const jobTypes = [
      { name: 'rare', priority: 1, limit: 0 },
      { name: 'often', priority: 9, limit: 0 },
    ];
    const pool = poolOf({ run, jobTypes });
    await pool.start();
    await pool.fetcher.drain();
    const often = seen.slice(0, 400).filter((name) => name === 'often');
    expect(often.length).toBeGreaterThan(320);
    expect(often.length).toBeLessThan(395);
  });

  it('finds jobs by itself where Redis tells of nothing', async () => {
    const pool = poolOf();
    await pool.start();
    await pool.fetcher.drain();
    await push('late');
    await waitFor('the job', () => pool.settled.length === 1);
  });

  it('is woken by an enqueue, a resume and a limit raised', async () => {
    const connections = new Connections(test.url);
    const waker = new Waker({ connections, keyspace: test.keyspace, report: () => {} });
    const armed: string[] = [];
    const arming = {
      get isTracking() {
        return waker.isTracking;
      },
      listen: waker.listen.bind(waker),
      arm: async (...[blocked]: Parameters<Waker['arm']>) => {
        const free = await waker.arm(blocked);
        armed.push(...blocked.map(({ name, by }) => `${name} ${by}`));
        return free;
      },
    };
    waker.start();
    await waitFor('tracking', () => waker.isTracking);
    const { keyspace, redis } = test;
    await redis.set(keyspace.paused('paused'), '1');
    await redis.set(keyspace.maxConcurrency('limited'), -1);
    await redis.lpush(keyspace.queue('paused'), 'p');
    await redis.lpush(keyspace.queue('limited'), 'l');
    const jobTypes = ['mail', 'paused', 'limited'].map((name) => ({ name, priority: 1, limit: 0 }));
    // By chance the longest pause between two sweeps: 5 s.
    const pool = poolOf({ jobTypes, waker: arming, random: () => 0.999 });
    await pool.start();
    await waitFor('the queues to be watched', () => armed.length >= 3);
    expect([...armed].sort()).toEqual(['limited at-limit', 'mail empty', 'paused paused']);
    await push('m');
    await redis.del(keyspace.paused('paused'));
    await redis.set(keyspace.maxConcurrency('limited'), 1);
    await waitFor('the jobs', () => pool.settled.length === 3, 3_000);
    expect([...pool.settled].sort()).toEqual(['l succeeded', 'm succeeded', 'p succeeded']);
    await waker.stop();
    connections.close();
  });

  it('leaves a paused queue alone, and a drain does not wait for it', async () => {
    await test.redis.set(test.keyspace.paused('mail'), '');
    await push('1');
    const pool = poolOf();
    await pool.start();
    await pool.fetcher.drain();
    expect(pool.started).toEqual([]);
    await test.redis.del(test.keyspace.paused('mail'));
    await waitFor('the job', () => pool.settled.length === 1);
  });

  it('has run what was enqueued before each drain, however many came before it', async () => {
    const pool = poolOf();
    await pool.start();
    for (let n = 1; n <= 30; n += 1) {
      await push(String(n));
      if (n % 3 === 0) await Promise.all([pool.fetcher.drain(), pool.fetcher.drain()]);
      else await pool.fetcher.drain();
      expect(pool.settled).toHaveLength(n);
    }
  });

  it('runs what running jobs enqueue before a drain is over', async () => {
    const run = async ({ bytes }: HeldJob) => {
      if (bytes.length < 5) await push(Buffer.concat([bytes, Buffer.from('+')]));
      return SUCCEEDED;
    };
    await push('1');
    const pool = poolOf({ run });
    await pool.start();
    await pool.fetcher.drain();
    expect(pool.started).toEqual(['1', '1+', '1++', '1+++', '1++++']);
  });

  it('puts what it has fetched ahead back when it stops, where it runs next', async () => {
    const { jobs, run } = held();
    const quick: string[] = [];
    const mixed = (job: HeldJob) => {
      if (quick.push(String(job.bytes)) <= 400) return Promise.resolve(SUCCEEDED);
      return run(job);
    };
    await push(...numbered(1_000));
    // No time passes: what waits ahead for long goes back by itself.
    const pool = poolOf({ run: mixed, clock: new ManualClock() });
    await pool.start();
    await waitFor('all slots to be taken', () => jobs.size === 5);
    const stopping = pool.fetcher.stop(10_000);
    for (const { end } of jobs.values()) end();
    expect(await stopping).toEqual({ finished: 5, interrupted: 0, abandoned: 0, unsettled: 0 });
    expect(await inProgress(pool)).toEqual([]);
    expect((await waiting()).reverse()).toEqual(numbered(1_000).slice(405));
  });

  it('aborts the signals when the grace period is over, and settles the jobs as they end then', async () => {
    const { jobs, run } = held();
    await push('succeeds', 'fails');
    const pool = poolOf({ run });
    await pool.start();
    await waitFor('both jobs', () => jobs.size === 2);
    const [succeeding, failing] = [jobs.get('succeeds')!, jobs.get('fails')!];
    failing.job.signal.addEventListener('abort', () => failing.end({ kind: 'back' }));
    succeeding.job.signal.addEventListener('abort', () => succeeding.end());
    expect(await pool.fetcher.stop(0)).toEqual({ finished: 0, interrupted: 2, abandoned: 0, unsettled: 0 });
    expect(failing.job.signal.reason).toMatchObject({ code: 'WORK_JOB_INTERRUPTED', cause: 'shutdown' });
    expect([...pool.settled].sort()).toEqual(['fails back', 'succeeds succeeded']);
    expect(await waiting()).toEqual(['fails']);
  });

  it('puts a job that does not end back, in its order, and hears nothing more of it', async () => {
    const { jobs, run } = held();
    await push('1', '2', '3');
    const pool = poolOf({ run, concurrency: 2 });
    await pool.start();
    await waitFor('both slots', () => jobs.size === 2);
    expect(await pool.fetcher.stop(0)).toEqual({ finished: 0, interrupted: 2, abandoned: 2, unsettled: 0 });
    for (const { end } of jobs.values()) end();
    expect(await waiting()).toEqual(['3', '2', '1']);
    expect(await inProgress(pool)).toEqual([]);
    expect(await test.redis.get(test.keyspace.lock('mail'))).toBe('0');
  });

  it('gives the slot of a job that steps aside to others', async () => {
    let comeBack = () => {};
    const run = async (job: HeldJob) => {
      if (String(job.bytes) === 'aside') await job.aside(() => new Promise((resolve) => (comeBack = resolve)));
      return SUCCEEDED;
    };
    await push('aside', '1', '2');
    const pool = poolOf({ run, concurrency: 1 });
    await pool.start();
    await waitFor('the others', () => pool.settled.length === 2);
    comeBack();
    await waitFor('the job itself', () => pool.settled.includes('aside succeeded'));
  });

  it('settles what a claim has put in the place of the entry', async () => {
    const run = async (job: HeldJob) => {
      await job.claim(async () => {
        const list = test.keyspace.inProgress('mail', job.poolId);
        await test.redis.lset(list, 0, 'claimed');
        return Buffer.from('claimed');
      });
      return SUCCEEDED;
    };
    await push('1');
    const pool = poolOf({ run });
    await pool.start();
    await waitFor('the settle', () => pool.settled.length === 1);
    expect(pool.settled).toEqual(['claimed succeeded']);
    expect(await inProgress(pool)).toEqual([]);
  });

  it('puts a job back whose run breaks its promise, and says so', async () => {
    let runs = 0;
    const run = () => (++runs === 1 ? Promise.reject(new Error('broken')) : Promise.resolve(SUCCEEDED));
    await push('1');
    const pool = poolOf({ run });
    await pool.start();
    await waitFor('the settle', () => pool.settled.length === 2);
    expect(pool.settled).toEqual(['1 back', '1 succeeded']);
    expect(pool.events).toMatchObject([{ type: 'role_failed', role: 'Fetcher' }]);
  });
});

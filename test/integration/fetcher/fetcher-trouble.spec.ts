import type { Settlement } from '#store';
import type { HeldJob } from '../../../libs/engine/fetcher/index.js';
import { FaultyProxy, type Fault } from '../../support/faulty-proxy.js';
import { FetchingPool, type FetchingPoolOptions } from '../../support/fetching-pool.js';
import { describeRedis, ownRedis, testRedis, waitFor, type TestRedis } from '../../support/index.js';

const SUCCEEDED: Settlement = { kind: 'succeeded' };

describeRedis('Fetcher, in trouble', () => {
  let test: TestRedis;
  let proxy: FaultyProxy;
  let url: string;
  const pools: FetchingPool[] = [];
  beforeEach(async () => {
    test = testRedis();
    proxy = new FaultyProxy(test.url);
    url = await proxy.listen();
  });
  afterEach(async () => {
    await Promise.all(pools.splice(0).map((pool) => pool.close()));
    await proxy.close();
    await test.close();
  });

  const poolOf = (options?: FetchingPoolOptions) => {
    const pool = new FetchingPool(test, { url, ...options });
    pools.push(pool);
    return pool;
  };
  const push = (...jobs: string[]) => test.redis.lpush(test.keyspace.queue('mail'), ...jobs);
  const numbered = (count: number) => Array.from({ length: count }, (_, i) => String(i));
  const sorted = (texts: readonly string[]) => [...texts].sort((a, b) => Number(a) - Number(b));
  const inProgress = (poolId: string) => test.redis.lrange(test.keyspace.inProgress('mail', poolId), 0, -1);
  const settledJobs = ({ settled }: FetchingPool) => settled.map((line) => line.split(' ')[0]!);
  const expectAllDoneOnce = async (pool: FetchingPool, jobs: number) => {
    await waitFor('all jobs', () => pool.settled.length >= jobs);
    await pool.fetcher.drain();
    return { started: sorted(pool.started), settled: sorted(settledJobs(pool)), left: await inProgress(pool.poolId) };
  };
  const allOnce = (jobs: number) => ({ started: numbered(jobs), settled: numbered(jobs), left: [] });

  it.each<[Fault, string]>([
    ['lose reply', 'of the call that brings jobs'],
    ['lose request', 'of the call that brings jobs'],
    ['delay request', 'of the call that brings jobs'],
  ])('runs and settles each job once after %s %s', async (fault) => {
    await push(...numbered(20));
    const pool = poolOf();
    const happened = proxy.next(fault, test.keyspace.ext.call(pool.poolId));
    await pool.start();
    await happened;
    await waitFor('a job', () => pool.started.length > 0);
    await proxy.deliverDelayed();
    expect(await expectAllDoneOnce(pool, 20)).toEqual(allOnce(20));
  });

  it.each<Fault>(['lose reply', 'lose request', 'delay request'])(
    'settles once, and counts once, after %s of the call that settles',
    async (fault) => {
      const run = ({ bytes }: HeldJob): Promise<Settlement> => Promise.resolve({ kind: 'retry', score: 1, bytes });
      const pool = poolOf({ run });
      await pool.start();
      await pool.fetcher.drain();
      const happened = proxy.next(fault, 'job-to-settle');
      await push('job-to-settle');
      await happened;
      await waitFor('the settle', () => pool.settled.length === 1);
      await proxy.deliverDelayed();
      await pool.fetcher.drain();
      expect(pool.started).toEqual(['job-to-settle']);
      expect(pool.settled).toEqual(['job-to-settle retry']);
      expect(await test.redis.zrange(test.keyspace.retry, '0', '-1')).toEqual(['job-to-settle']);
      expect(await inProgress(pool.poolId)).toEqual([]);
      expect(await test.redis.get(test.keyspace.lock('mail'))).toBe('0');
    },
  );

  it('counts identical jobs one by one when it reads what it holds', async () => {
    await push('twin', 'twin', 'twin', 'other');
    const pool = poolOf();
    const happened = proxy.next('lose reply', test.keyspace.ext.call(pool.poolId));
    await pool.start();
    await happened;
    await waitFor('all jobs', () => pool.settled.length === 4);
    await pool.fetcher.drain();
    expect([...pool.started].sort()).toEqual(['other', 'twin', 'twin', 'twin']);
  });

  it('runs each job once while its connection breaks again and again', async () => {
    await push(...numbered(3_000));
    let runs = 0;
    const run = async () => {
      if (++runs % 200 === 0) proxy.breakConnections();
      return SUCCEEDED;
    };
    const pool = poolOf({ run });
    await pool.start();
    expect(await expectAllDoneOnce(pool, 3_000)).toEqual(allOnce(3_000));
  }, 20_000);

  it('does not read its lists while a claim is under way', async () => {
    let endClaim = () => {};
    const run = async (job: HeldJob) => {
      await job.claim(async () => {
        await new Promise<void>((resolve) => (endClaim = resolve));
        await test.redis.lset(test.keyspace.inProgress('mail', job.poolId), 0, 'claimed');
        return Buffer.from('claimed');
      });
      return SUCCEEDED;
    };
    await push('1');
    const pool = poolOf({ run });
    await pool.start();
    await waitFor('the claim', () => pool.started.length === 1);
    const reading = proxy.next('lose request', test.keyspace.inProgress('mail', pool.poolId));
    proxy.breakConnections();
    let isRead = false;
    void reading.then(() => (isRead = true));
    await waitFor('the connection', async () => String(await test.redis.client('LIST')).includes(':fetch'));
    expect(isRead).toBe(false);
    endClaim();
    await waitFor('the settle', () => pool.settled.length === 1);
    expect(pool.settled).toEqual(['claimed succeeded']);
    expect(pool.started).toEqual(['1']);
  });

  it('goes on under a new id when it was taken for dead; the job that was given to others is aborted and not settled', async () => {
    const jobs: HeldJob[] = [];
    const ends: ((settlement: Settlement) => void)[] = [];
    const run = (job: HeldJob) => {
      jobs.push(job);
      return new Promise<Settlement>((resolve) => ends.push(resolve));
    };
    await push('stays', 'moved');
    const pool = poolOf({ run, concurrency: 3 });
    await pool.start();
    await waitFor('both jobs', () => jobs.length === 2);
    const formerId = pool.poolId;
    await test.redis.srem(test.keyspace.workerPools, formerId);
    await test.redis.lrem(test.keyspace.inProgress('mail', formerId), 1, 'moved');
    await push('new');
    await waitFor('the abort', () => jobs[1]!.signal.aborted);
    expect(jobs[1]!.signal.reason).toMatchObject({ cause: 'fenced' });
    expect(jobs[0]!.signal.aborted).toBe(false);
    await waitFor('a job under the new id', () => jobs.length === 3);
    expect(jobs[2]!.poolId).toBe(pool.poolId);
    expect(pool.poolId).not.toBe(formerId);
    const bytes = Buffer.from('failed');
    for (const end of ends)
      end({ kind: 'dead', score: 1, bytes: Buffer.concat([bytes, Buffer.from(String(ends.indexOf(end)))]) });
    await waitFor('the settles', () => pool.settled.length === 2);
    expect([...pool.settled].sort()).toEqual(['new dead', 'stays dead']);
    expect(await test.redis.zrange(test.keyspace.dead, '0', '-1')).toEqual(['failed0', 'failed2']);
    expect([...(await inProgress(formerId)), ...(await inProgress(pool.poolId))]).toEqual([]);
  });

  it('takes a new id as soon as it hears from elsewhere that it was taken for dead', async () => {
    const pool = poolOf();
    await pool.start();
    await pool.fetcher.drain();
    const formerId = pool.poolId;
    await test.redis.srem(test.keyspace.workerPools, formerId);
    pool.fetcher.fenced(formerId);
    await waitFor('the new id', () => pool.poolId !== formerId);
    const presentId = pool.poolId;
    pool.fetcher.fenced(formerId);
    await push('1');
    await waitFor('the job', () => pool.settled.length === 1);
    expect(pool.poolId).toBe(presentId);
  });

  it('keeps a job whose place refuses it, says so once, and settles it when the place is mended', async () => {
    await test.redis.set(test.keyspace.retry, 'not a sorted set');
    const run = ({ bytes }: HeldJob): Promise<Settlement> => Promise.resolve({ kind: 'retry', score: 1, bytes });
    await push('1', '2');
    const pool = poolOf({ run });
    await pool.start();
    await waitFor('the warning', () => pool.events.length > 0);
    expect([...(await inProgress(pool.poolId))].sort()).toEqual(['1', '2']);
    await test.redis.del(test.keyspace.retry);
    await waitFor('the settles', () => pool.settled.length === 2);
    expect(await test.redis.zcard(test.keyspace.retry)).toBe(2);
    const message = expect.stringMatching(/WRONGTYPE.* give the application a namespace of its own/) as string;
    expect(pool.events).toMatchObject([{ type: 'warning', code: 'WORK_BROKEN_KEY', message }]);
    expect(pool.started).toHaveLength(2);
  });

  it('says once that its set of pools is no set, and goes on when it is mended', async () => {
    await push('1');
    const pool = poolOf();
    await pool.start();
    await waitFor('the job', () => pool.settled.length === 1);
    await test.redis.set(test.keyspace.workerPools, 'not a set');
    await push('2');
    await waitFor('the report', () => pool.events.length > 0);
    await test.redis.del(test.keyspace.workerPools);
    await test.redis.sadd(test.keyspace.workerPools, pool.poolId);
    await waitFor('the other job', () => pool.settled.length === 2);
    expect(pool.events).toMatchObject([{ type: 'role_failed', role: 'Fetcher' }]);
  });

  it('goes on after SCRIPT FLUSH', async () => {
    await push(...numbered(50));
    let runs = 0;
    const run = async () => {
      if (++runs % 7 === 0) await test.redis.script('FLUSH');
      return SUCCEEDED;
    };
    const pool = poolOf({ run });
    await pool.start();
    expect(await expectAllDoneOnce(pool, 50)).toEqual(allOnce(50));
  });

  it('goes on after a restart of Redis that forgets everything', async () => {
    const own = await ownRedis();
    const forgetful = testRedis(own.url);
    const pool = new FetchingPool(forgetful);
    const pushThere = (job: string) => forgetful.redis.lpush(forgetful.keyspace.queue('mail'), job);
    try {
      await pushThere('1');
      await pool.start();
      await waitFor('the job', () => pool.settled.length === 1);
      const { poolId } = pool;
      await own.kill();
      await own.start();
      await pushThere('2');
      await waitFor('the job afterwards', () => pool.settled.length === 2);
      expect(pool.poolId).not.toBe(poolId);
    } finally {
      await pool.close();
      await forgetful.close();
      await own.kill();
    }
  });
});

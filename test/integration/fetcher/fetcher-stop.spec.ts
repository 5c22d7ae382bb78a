import type { Settlement } from '#store';
import { TimeLimit } from '../../../libs/engine/background/time-limit.js';
import { FaultyProxy } from '../../support/faulty-proxy.js';
import { FetchingPool, type FetchingPoolOptions } from '../../support/fetching-pool.js';
import { describeRedis, testRedis, waitFor, type TestRedis } from '../../support/index.js';

const SUCCEEDED: Settlement = { kind: 'succeeded' };

describeRedis('The stop of a Fetcher', () => {
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
  const inProgress = (poolId: string) => test.redis.lrange(test.keyspace.inProgress('mail', poolId), 0, -1);
  const stopped = () => ({ finished: 2, interrupted: 0, abandoned: 0 });
  const runningTwo = async () => {
    const ends: (() => void)[] = [];
    await push('1', '2');
    const pool = poolOf({ run: () => new Promise((resolve) => ends.push(() => resolve(SUCCEEDED))) });
    await pool.start();
    await waitFor('both jobs', () => ends.length === 2);
    return { pool, end: () => ends.forEach((end) => end()) };
  };

  it('ends in time where Redis is gone, and says how much is unsettled', async () => {
    const { pool, end } = await runningTwo();
    proxy.refuseConnections();
    end();
    expect(await pool.fetcher.stop(500, new TimeLimit(1))).toEqual({ ...stopped(), unsettled: 2 });
    expect(await inProgress(pool.poolId)).toHaveLength(2);
    proxy.acceptConnections();
    await waitFor('the connection', () => pool.isConnected);
  });

  it('uses what is left of the grace period for a Redis that comes back, so that no job runs twice', async () => {
    const { pool, end } = await runningTwo();
    proxy.refuseConnections();
    end();
    const stopping = pool.fetcher.stop(60_000, new TimeLimit(1));
    proxy.acceptConnections();
    expect(await stopping).toEqual({ ...stopped(), unsettled: 0 });
    expect(await inProgress(pool.poolId)).toEqual([]);
  });

  it('does not wait for a place that refuses what has ended, while Redis answers', async () => {
    await test.redis.set(test.keyspace.retry, 'not a sorted set');
    await push('1');
    const pool = poolOf({ run: ({ bytes }) => Promise.resolve({ kind: 'retry', score: 1, bytes }) });
    await pool.start();
    await waitFor('the warning', () => pool.events.length > 0);
    expect(await pool.fetcher.stop(60_000, new TimeLimit(1))).toMatchObject({ unsettled: 1 });
  });
});

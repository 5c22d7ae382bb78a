import { encodeNewJob } from '#protocol';
import type { Settlement } from '#store';
import { FetchingPool } from '../../support/fetching-pool.js';
import { describeRedis, testRedis, waitFor, type TestRedis } from '../../support/index.js';

describeRedis('a job that another pool took over while it ran', () => {
  let test: TestRedis;
  let pool: FetchingPool;
  let end: (settlement: Settlement) => void;
  beforeEach(async () => {
    test = testRedis();
    pool = new FetchingPool(test, { run: () => new Promise((resolve) => (end = resolve)) });
    await test.redis.lpush(
      test.keyspace.queue('mail'),
      encodeNewJob({ name: 'mail', id: 'a', t: 1, argsJson: 'null' }),
    );
    await pool.start();
    await waitFor('the job', () => pool.started.length === 1);
  });
  afterEach(async () => {
    end({ kind: 'succeeded' });
    await pool.close();
    await test.close();
  });

  /** As a reaper does. */
  const takeAway = () =>
    test.redis
      .multi()
      .srem(test.keyspace.workerPools, pool.poolId)
      .del(test.keyspace.inProgress('mail', pool.poolId))
      .exec();
  const lost = () => pool.events.filter(({ type }) => type === 'job_lost');

  it('is told of when the pool notices', async () => {
    const { poolId } = pool;
    await takeAway();
    pool.fetcher.fenced(poolId);
    await waitFor('the word', () => lost().length === 1);
    end({ kind: 'succeeded' });
    await waitFor('a new id', () => pool.poolId !== poolId);
    await pool.fetcher.drain();
    expect(lost()).toEqual([{ type: 'job_lost', job: 'mail', jobId: 'a', poolId }]);
  });

  it('is told of when it ends before the pool notices', async () => {
    const { poolId } = pool;
    await takeAway();
    end({ kind: 'succeeded' });
    await waitFor('the word', () => lost().length === 1);
    expect(lost()).toEqual([{ type: 'job_lost', job: 'mail', jobId: 'a', poolId }]);
    expect(pool.settled).toEqual([]);
  });
});

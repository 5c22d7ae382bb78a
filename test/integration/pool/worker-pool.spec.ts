import {
  Enqueuer,
  PoolStateError,
  RedisUnreachableError,
  WorkerPool,
  type WorkEvent,
  type WorkerPoolOptions,
} from '#engine';
import { Redis } from 'ioredis';
import { describeRedis, ownRedis, testRedis, waitFor, type TestRedis } from '../../support/index.js';

describeRedis('WorkerPool', () => {
  let test: TestRedis;
  let enqueuer: Enqueuer;
  let events: WorkEvent[];
  const pools: WorkerPool[] = [];

  function newPool(options: Partial<WorkerPoolOptions> = {}): WorkerPool {
    const report = (event: WorkEvent) => void events.push(event);
    const pool = new WorkerPool({
      namespace: test.namespace,
      connection: test.url,
      heartbeatThread: false,
      report,
      ...options,
    });
    pools.push(pool);
    return pool;
  }

  const finished = (kind: string) =>
    events.filter((event) => event.type === 'job_finished' && event.outcome.kind === kind).length;

  beforeEach(() => {
    test = testRedis();
    events = [];
    enqueuer = new Enqueuer({ redis: test.redis, keyspace: test.keyspace });
  });
  afterEach(async () => {
    await Promise.all(pools.splice(0).map((pool) => pool.stop({ gracePeriodMs: 0 })));
    await enqueuer.close();
    await test.close();
  });

  it('runs what was enqueued before and after it started, with the arguments', async () => {
    const seen: unknown[] = [];
    await enqueuer.enqueue('mail', { to: 'before' });
    const pool = newPool().job('mail', {}, ({ args }) => void seen.push(args));
    await pool.start();
    await enqueuer.enqueue('mail', { to: 'after' });
    await waitFor('both jobs', () => seen.length === 2);
    expect(seen).toEqual([{ to: 'before' }, { to: 'after' }]);
  });

  it('keeps a thousand jobs of several types apart, and leaves nothing behind', async () => {
    const seen = new Map<string, number>();
    const pool = newPool({ concurrency: 50 });
    for (const name of ['a', 'b', 'c']) pool.job(name, {}, (run) => void seen.set(run.id, (seen.get(run.id) ?? 0) + 1));
    for (const name of ['a', 'b', 'c'])
      await enqueuer.enqueueMany(
        name,
        Array.from({ length: 400 }, (_, n) => ({ n })),
      );
    await pool.start();
    await pool.drain();
    expect(seen.size).toBe(1200);
    expect([...seen.values()].every((times) => times === 1)).toBe(true);
    await pool.stop();
    const left = (await test.redis.keys(`${test.namespace}:*`)).filter((key) => /jobs:.(:.*inprogress)?$/.test(key));
    expect(left).toEqual([]);
    expect(await test.redis.smembers(test.keyspace.workerPools)).toEqual([]);
    for (const name of ['a', 'b', 'c']) expect(await test.redis.get(test.keyspace.lock(name))).toBe('0');
  });

  it('retries a failing job and keeps it in the dead set when it is given up', async () => {
    let runs = 0;
    const pool = newPool().job('fails', { maxFails: 2, backoff: () => 0 }, () => {
      runs += 1;
      throw new Error(`boom ${runs}`);
    });
    await enqueuer.enqueue('fails', null);
    await pool.start();
    await waitFor('the end', () => finished('dead') === 1);
    const [entry] = await waitFor('the dead set', async () => {
      const dead = await test.redis.zrangebyscore(test.keyspace.dead, '-inf', '+inf');
      return dead.length > 0 ? dead : undefined;
    });
    expect(JSON.parse(entry!)).toMatchObject({ name: 'fails', fails: 2, err: 'boom 2' });
  });

  it('runs a scheduled job when it is due, and a periodic one at its time', async () => {
    const seen: string[] = [];
    const pool = newPool()
      .job('later', {}, ({ name }) => void seen.push(name))
      .job('ticks', {}, ({ id }) => void seen.push(id))
      .periodicallyEnqueue('* * * * * *', 'ticks', { timezone: 'UTC' });
    await pool.start();
    await enqueuer.enqueueIn('later', 1, null);
    await waitFor('the scheduled job', () => seen.includes('later'));
    await waitFor('a tick', () => seen.some((id) => id.startsWith('periodic:ticks:CRON_TZ=UTC * * * * * *:')));
  });

  it('passes through the middleware in order', async () => {
    const steps: string[] = [];
    const pool = newPool()
      .middleware(async (_, next) => {
        steps.push('outer in');
        await next();
        steps.push('outer out');
      })
      .middleware((_, next) => {
        steps.push('inner');
        return next();
      })
      .job('mail', {}, () => void steps.push('job'));
    await enqueuer.enqueue('mail', null);
    await pool.start();
    await waitFor('the job', () => steps.length === 4);
    expect(steps).toEqual(['outer in', 'inner', 'job', 'outer out']);
  });

  it('runs no more of a type at once than its limit, over two pools', async () => {
    let running = 0;
    let most = 0;
    const handler = async () => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
    };
    const two = [newPool(), newPool()].map((pool) => pool.job('few', { maxConcurrency: 3 }, handler));
    await enqueuer.enqueueMany(
      'few',
      Array.from({ length: 300 }, (_, n) => ({ n })),
    );
    await Promise.all(two.map((pool) => pool.start()));
    await waitFor('all of them', () => finished('succeeded') === 300);
    expect(most).toBeLessThanOrEqual(3);
    expect(most).toBeGreaterThan(1);
  });

  it('gives a running job its grace, then aborts it, and gives back what does not end, with no attempt spent', async () => {
    const reasons: unknown[] = [];
    const pool = newPool({ concurrency: 2 })
      .job(
        'obeys',
        {},
        ({ signal }) =>
          new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error))),
      )
      .job(
        'hangs',
        {},
        ({ signal }) => new Promise(() => signal.addEventListener('abort', () => reasons.push(signal.reason))),
      );
    await enqueuer.enqueue('obeys', { n: 1 });
    await enqueuer.enqueue('hangs', { n: 2 });
    await pool.start();
    await waitFor('both to run', () => pool.runningCount === 2);
    await pool.stop({ gracePeriodMs: 1 });
    expect(reasons).toEqual([expect.objectContaining({ code: 'WORK_JOB_INTERRUPTED' })]);
    for (const name of ['obeys', 'hangs']) {
      const [entry] = await test.redis.lrange(test.keyspace.queue(name), 0, -1);
      expect(JSON.parse(entry!)).not.toHaveProperty('fails');
    }
    expect(await test.redis.smembers(test.keyspace.workerPools)).toEqual([]);
  });

  it('can be started again after a stop, under another id', async () => {
    const seen: unknown[] = [];
    const pool = newPool().job('mail', {}, ({ args }) => void seen.push(args));
    await pool.start();
    const first = pool.poolId;
    await pool.stop();
    await pool.start();
    expect(pool.poolId).not.toBe(first);
    await enqueuer.enqueue('mail', { again: true });
    await waitFor('the job', () => seen.length === 1);
  });

  it('says within its time that Redis is not there, and leaves nothing open', async () => {
    const pool = newPool({ connection: 'redis://127.0.0.1:1' }).job('mail', {}, () => undefined);
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate'] });
    const failed = pool.start().catch((error: unknown) => error);
    await jest.advanceTimersByTimeAsync(10_000);
    jest.useRealTimers();
    expect(await failed).toBeInstanceOf(RedisUnreachableError);
  });

  it('goes on by itself when Redis was lost and is back, and says each once', async () => {
    const own = await ownRedis();
    const away = new Redis(own.url);
    const pool = newPool({ connection: own.url }).job('mail', {}, () => undefined);
    await pool.start();
    await own.kill();
    await waitFor('the loss', () => events.some(({ type }) => type === 'redis_lost'));
    await own.start();
    await waitFor('the return', () => events.some(({ type }) => type === 'redis_back'));
    const other = new Enqueuer({ redis: away, keyspace: test.keyspace });
    await other.enqueue('mail', { after: 'the outage' });
    await waitFor('the job', () => finished('succeeded') === 1);
    expect(events.filter(({ type }) => type === 'redis_lost')).toHaveLength(1);
    expect(events.filter(({ type }) => type === 'redis_back')).toHaveLength(1);
    await pool.stop();
    await other.close();
    away.disconnect();
    await own.kill();
  }, 30_000);

  it('goes on firing periodic jobs after a FLUSHALL', async () => {
    const own = await ownRedis();
    const ids: string[] = [];
    const pool = newPool({ connection: own.url })
      .job('ticks', {}, ({ id }) => void ids.push(id))
      .periodicallyEnqueue('* * * * * *', 'ticks', { timezone: 'UTC' });
    await pool.start();
    await waitFor('a tick', () => ids.length > 0);
    const redis = new Redis(own.url);
    await redis.flushall();
    redis.disconnect();
    await waitFor('the pool to notice', () => events.some(({ type }) => type === 'pool_fenced'));
    const before = ids.length;
    await waitFor('a tick afterwards', () => ids.length > before);
    await pool.stop();
    await own.kill();
  });

  it('starts again where it is asked to while it stops, and is stopped where that is asked last', async () => {
    const seen: unknown[] = [];
    const pool = newPool().job('mail', {}, ({ args }) => void seen.push(args));
    await pool.start();
    const firstId = pool.poolId;
    const stopped = pool.stop();
    await pool.start();
    await stopped;
    expect(pool.poolId).not.toBe(firstId);
    await enqueuer.enqueue('mail', { n: 1 });
    await waitFor('the job', () => seen.length === 1);

    const stops = [pool.stop()];
    const started = pool.start().catch((error: unknown) => error);
    stops.push(pool.stop());
    await Promise.all(stops);
    expect(await started).toBeInstanceOf(PoolStateError);
    expect(await test.redis.smembers(test.keyspace.workerPools)).toEqual([]);
  });

  it('can be stopped while Redis is away', async () => {
    const own = await ownRedis();
    const pool = newPool({ connection: own.url }).job('mail', {}, () => undefined);
    await pool.start();
    await own.kill();
    await pool.stop({ gracePeriodMs: 0 });
    expect(events.map(({ type }) => type)).toContain('pool_stopped');
  }, 30_000);

  it('can be stopped while it waits for Redis', async () => {
    const pool = newPool({ connection: 'redis://127.0.0.1:1', whenRedisIsDown: 'wait' }).job(
      'mail',
      {},
      () => undefined,
    );
    const failed = pool.start().catch((error: unknown) => error);
    await pool.stop();
    expect(String(await failed)).toContain('stopped before it had started');
  });

  it('refuses what comes too late or has no handler', async () => {
    const pool = newPool().periodicallyEnqueue('@hourly', 'nobody');
    await expect(pool.start()).rejects.toThrow(PoolStateError);
    await expect(pool.drain()).rejects.toThrow(PoolStateError);
    const started = newPool().job('mail', {}, () => undefined);
    await started.start();
    expect(() => started.job('other', {}, () => undefined)).toThrow(PoolStateError);
  });
});

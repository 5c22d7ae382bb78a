import type { Redis } from 'ioredis';
import { describeRedis, testRedis, type TestRedis } from '../../support/index.js';
import { ManualClock } from '../../support/manual-clock.js';
import { holdJobs, PoolInTest, type PoolInTestOptions } from '../../support/pool-in-test.js';

const JOB = '{"name":"send","id":"1","t":1,"args":null}';

describeRedis('the registration of a pool', () => {
  let test: TestRedis;
  let clock: ManualClock;
  beforeEach(() => {
    test = testRedis();
    clock = new ManualClock();
  });
  afterEach(() => test.close());

  const pool = (options: Partial<PoolInTestOptions> = {}) => {
    const { redis, keyspace } = test;
    return new PoolInTest({ redis, keyspace, clock, ids: ['worker', 'p1', 'p2', 'p3'], ...options });
  };
  const members = async () => (await test.redis.smembers(test.keyspace.workerPools)).toSorted();
  const livesAs = () => test.redis.hgetall(test.keyspace.ext.pools);

  it("writes the fields of Go's heartbeat, and no others, job names and worker ids in order", async () => {
    const types = [{ name: 'zeta' }, { name: 'alpha' }];
    await pool({ types, concurrency: 2, ids: ['w2', 'w1', 'p1'] }).register();
    const fields = await test.redis.hgetall(test.keyspace.heartbeat('p1'));
    const now = String(clock.nowMs() / 1000);
    expect(fields).toEqual({
      heartbeat_at: now,
      started_at: now,
      job_names: 'alpha,zeta',
      concurrency: '2',
      worker_ids: 'w1,w2',
      host: expect.stringMatching(/./) as string,
      pid: String(process.pid),
    });
    expect(await members()).toEqual(['p1']);
    expect(await livesAs()).toEqual({ p1: 'p1' });
    expect((await test.redis.smembers(test.keyspace.knownJobs)).toSorted()).toEqual(['alpha', 'zeta']);
  });

  it('writes a limit only where one is given, 0 included', async () => {
    const { redis, keyspace } = test;
    await redis.mset(keyspace.maxConcurrency('none'), '7', keyspace.maxConcurrency('zero'), '7');
    const types = [{ name: 'none' }, { name: 'zero', maxConcurrency: 0 }, { name: 'three', maxConcurrency: 3 }];
    await pool({ types }).register();
    const limits = types.map(({ name }) => keyspace.maxConcurrency(name));
    expect(await redis.mget(limits)).toEqual(['7', '0', '3']);
    expect(await redis.hgetall(keyspace.ext.limits)).toEqual({ [limits[1]!]: '0', [limits[2]!]: '3' });
  });

  it('leaves alone, when it comes back after it was taken for dead, a limit that was set since it began', async () => {
    const { redis, keyspace } = test;
    const limitIn = () => redis.get(keyspace.maxConcurrency('send'));
    const older = await pool({ types: [{ name: 'send', maxConcurrency: 1 }], ids: ['o1', 'o2', 'o3'] }).register();
    await pool({ types: [{ name: 'send', maxConcurrency: 3 }], ids: ['n1'] }).register();
    await older.registration.renew();
    expect([await limitIn(), await redis.hvals(keyspace.ext.limits)]).toEqual(['3', ['3']]);
    await redis.set(keyspace.maxConcurrency('send'), 5);
    await older.registration.renew();
    expect(await limitIn()).toBe('5');
  });

  it('sets its limits again where Redis has lost everything', async () => {
    const { redis, keyspace } = test;
    const { registration } = await pool({ types: [{ name: 'send', maxConcurrency: 1 }] }).register();
    await redis.del(...(await redis.keys(`${test.namespace}:*`)));
    await registration.renew();
    expect(await redis.get(keyspace.maxConcurrency('send'))).toBe('1');
  });

  it('names at most a hundred workers, whatever the concurrency', async () => {
    const big = await pool({ concurrency: 10_000, ids: [] }).register();
    const [ids, concurrency] = await test.redis.hmget(test.keyspace.heartbeat(big.id), 'worker_ids', 'concurrency');
    expect(new Set(ids?.split(',')).size).toBe(100);
    expect(big.registration.workerIds).toHaveLength(100);
    expect(concurrency).toBe('10000');
  });

  it('takes 24 hex characters for its ids, and another id with each start', async () => {
    const twice = await pool({ ids: [] }).register();
    const first = twice.id;
    await twice.registration.unregister();
    await twice.register();
    expect([first, twice.id]).toEqual([expect.stringMatching(/^[0-9a-f]{24}$/), expect.not.stringContaining(first)]);
    expect(await members()).toEqual([twice.id]);
  });

  it('writes nothing where a key is of the wrong type', async () => {
    await test.redis.set(test.keyspace.knownJobs, 'no set');
    await expect(pool().register()).rejects.toThrow(/WRONGTYPE/);
    expect((await test.redis.keys(`${test.namespace}:*`)).toSorted()).toEqual([test.keyspace.knownJobs]);
  });

  it('counts the age of its beat from when the last accepted one was sent', async () => {
    const one = pool();
    expect(one.registration.beatAgeMs()).toBe(Infinity);
    await one.register();
    clock.pass(3_000);
    expect(one.registration.beatAgeMs()).toBe(3_000);
    await one.beat();
    clock.pass(500);
    expect(one.registration.beatAgeMs()).toBe(500);
    await test.redis.srem(test.keyspace.workerPools, 'p1');
    await one.beat();
    expect(one.registration.beatAgeMs()).toBe(500);
  });

  describe('when it is fenced', () => {
    it('hears so from its beat, which writes nothing and makes no member', async () => {
      const fenced = await pool().register();
      await test.redis.srem(test.keyspace.workerPools, 'p1');
      await test.redis.del(test.keyspace.heartbeat('p1'));
      expect(await fenced.beat()).toBe('fenced');
      expect(fenced.fenced).toEqual(['p1']);
      expect(await members()).toEqual([]);
      expect(await test.redis.exists(test.keyspace.heartbeat('p1'))).toBe(0);
    });

    it('goes on under a new id, to which all of its older ones point', async () => {
      const fenced = await pool().register();
      await fenced.registration.renew();
      expect(await fenced.registration.renew()).toBe('p3');
      expect(await members()).toEqual(['p3']);
      expect(await livesAs()).toEqual({ p1: 'p3', p2: 'p3', p3: 'p3' });
      expect(await test.redis.exists(test.keyspace.heartbeat('p1'), test.keyspace.heartbeat('p2'))).toBe(0);
      expect(fenced.events).toContainEqual({ type: 'pool_fenced', poolId: 'p2', newPoolId: 'p3' });
      expect(await fenced.beat()).toBe('accepted');
    });

    it('renews once, however many notice, and at whatever time', async () => {
      const { registration } = await pool().register();
      expect(await Promise.all([registration.renew(), registration.renew('p1')])).toEqual(['p2', 'p2']);
      expect(await registration.renew('p1')).toBe('p2');
      expect(await members()).toEqual(['p2']);
    });

    it('tells each new identity to whoever listens', async () => {
      const { registration } = await pool().register();
      const told: (string | undefined)[] = [];
      const end = registration.onChange((identity) => told.push(identity?.poolId));
      await registration.renew();
      await registration.unregister();
      end();
      expect(told).toEqual(['p2', undefined]);
    });
  });

  it('comes back whole after FLUSHALL', async () => {
    const flushed = await pool({ types: [{ name: 'send', maxConcurrency: 2 }] }).register();
    await test.redis.del(...(await test.redis.keys(`${test.namespace}:*`)));
    expect(await flushed.beat()).toBe('fenced');
    await flushed.registration.renew();
    expect(await flushed.beat()).toBe('accepted');
    expect(await members()).toEqual(['p2']);
    expect(await test.redis.smembers(test.keyspace.knownJobs)).toEqual(['send']);
    expect(await test.redis.get(test.keyspace.maxConcurrency('send'))).toBe('2');
    expect(await livesAs()).toEqual({ p2: 'p2' });
  });

  it('takes an id out again whose registration it never heard of', async () => {
    const { redis, keyspace } = test;
    const deaf = pool({ redis: deafOnce(redis), types: [{ name: 'send' }] });
    await expect(deaf.register()).rejects.toThrow('lost');
    expect(await members()).toEqual(['p1']);
    await deaf.registration.register(deaf.types);
    expect(deaf.id).not.toBe('p1');
    expect(await members()).toEqual([deaf.id]);
    expect(await redis.exists(keyspace.heartbeat('p1'))).toBe(0);
  });

  describe('when the pool stops', () => {
    it('leaves nothing behind', async () => {
      const { redis, keyspace } = test;
      const one = await pool().register();
      await one.registration.renew();
      await redis.hset(keyspace.lockInfo('send'), 'p2', '0', 'other', '1');
      await redis.set(keyspace.ext.call('p2'), '9');
      expect(await one.registration.unregister()).toBe(true);
      expect((await redis.keys(`${test.namespace}:*`)).toSorted()).toEqual(
        [keyspace.knownJobs, keyspace.lock('send'), keyspace.lockInfo('send')].toSorted(),
      );
      expect(await redis.hgetall(keyspace.lockInfo('send'))).toEqual({ other: '1' });
      expect(await one.beat()).toBe('idle');
      expect(await one.registration.renew()).toBe('p2');
      expect(await members()).toEqual([]);
    });

    it('stays a member without a beat while it holds a job, for another pool to take over', async () => {
      const { redis, keyspace } = test;
      const one = await pool().register();
      await one.hold('send', [JOB]);
      expect(await one.registration.unregister()).toBe(false);
      expect(await members()).toEqual(['p1']);
      expect(await one.beat()).toBe('idle');
      const other = await pool({ ids: ['worker', 'q'] }).register();
      expect((await other.lookUntilReaped()).reaps).toMatchObject([{ poolId: 'p1', recovered: 1 }]);
      expect(await redis.llen(keyspace.queue('send'))).toBe(1);
    });

    it('stays also where it is an older id that holds one, and its next start does not claim that', async () => {
      const { redis, keyspace } = test;
      const one = await pool({ ids: ['w', 'p1', 'p2', 'w', 'p3'] }).register();
      await one.hold('send', [JOB]);
      await one.registration.renew();
      expect(await one.registration.unregister()).toBe(false);
      await one.register();
      expect(await members()).toEqual(['p2', 'p3']);
      expect(await livesAs()).toEqual({ p1: 'p2', p2: 'p2', p3: 'p3' });
      expect((await one.lookUntilReaped()).reaps).toMatchObject([{ poolId: 'p2', recovered: 1 }]);
      expect(await redis.llen(keyspace.queue('send'))).toBe(1);
      expect(await livesAs()).toEqual({ p3: 'p3' });
    });

    it('is not held by what others have in progress', async () => {
      const one = await pool().register();
      await holdJobs(test.redis, test.keyspace, 'other', 'send', [JOB]);
      expect(await one.registration.unregister()).toBe(true);
    });
  });
});

/** A connection that loses its first reply. */
function deafOnce(redis: Redis): Redis {
  let isDeaf = true;
  return new Proxy(redis, {
    get: (target, property) => {
      const value: unknown = Reflect.get(target, property, target);
      if (typeof value !== 'function') return value;
      return async (...args: unknown[]) => {
        const reply: unknown = await Reflect.apply(value, target, args);
        if (property === 'callBuffer' && isDeaf) {
          isDeaf = false;
          throw new Error('the reply was lost');
        }
        return reply;
      };
    },
  });
}

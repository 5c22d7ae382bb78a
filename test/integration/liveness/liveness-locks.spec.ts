import { dropLockFields, healLocks } from '#store';
import { LockKeeper } from '../../../libs/engine/liveness/keepers/lock-keeper.js';
import { describeRedis, testRedis, type TestRedis } from '../../support/index.js';
import { ManualClock } from '../../support/manual-clock.js';
import { holdJobs } from '../../support/pool-in-test.js';

describeRedis('the keeper of locks', () => {
  let test: TestRedis;
  let clock: ManualClock;
  let keeper: LockKeeper;
  beforeEach(async () => {
    test = testRedis();
    clock = new ManualClock();
    const { redis, keyspace } = test;
    keeper = new LockKeeper({ redis, keyspace, clock, random: () => 0, report: () => {} });
    await redis.sadd(keyspace.knownJobs, 'send');
    await redis.sadd(keyspace.workerPools, 'p1', 'p2');
  });
  afterEach(() => test.close());

  const lock = () => test.redis.get(test.keyspace.lock('send'));
  const info = () => test.redis.hgetall(test.keyspace.lockInfo('send'));
  const arrange = async (value: string | undefined, fields: Record<string, string>) => {
    if (value !== undefined) await test.redis.set(test.keyspace.lock('send'), value);
    if (Object.keys(fields).length > 0) await test.redis.hset(test.keyspace.lockInfo('send'), fields);
  };

  it.each([
    ['a lock that leaked upward', '5', { p1: '1', p2: '2' }, '3'],
    ['a lock below zero', '-1', { p1: '0' }, '0'],
    ['a lock that is no number', 'abc', { p1: '2' }, '2'],
    ['a lock that is missing', undefined, { p1: '2' }, '2'],
  ])('makes %s the sum of its fields', async (_, before, fields, after) => {
    await arrange(before, fields);
    expect(await keeper.runOnce()).toEqual({ healed: 1, dropped: 0 });
    expect(await lock()).toBe(after);
    expect(await keeper.runOnce()).toEqual({ healed: 0, dropped: 0 });
  });

  it('raises a negative field to 0', async () => {
    await arrange('1', { p1: '-1', p2: '2' });
    await keeper.runOnce();
    expect(await info()).toEqual({ p1: '0', p2: '2' });
    expect(await lock()).toBe('2');
  });

  it('never judges by the length of a list: a unique job that Go has swapped is in progress with a lock of 0', async () => {
    await arrange('0', { p1: '0' });
    await test.redis.lpush(test.keyspace.inProgress('send', 'p1'), 'a job');
    expect(await keeper.runOnce()).toEqual({ healed: 0, dropped: 0 });
    expect(await lock()).toBe('0');
  });

  it('writes no lock for a type that never ran', async () => {
    expect(await keeper.runOnce()).toEqual({ healed: 0, dropped: 0 });
    expect(await test.redis.exists(test.keyspace.lock('send'))).toBe(0);
  });

  it('leaves a queue alone whose job is called like a lock', async () => {
    await test.redis.lpush(test.keyspace.lock('send'), 'a job');
    await arrange(undefined, { p1: '2' });
    expect(await keeper.runOnce()).toEqual({ healed: 0, dropped: 0 });
    expect(await test.redis.lrange(test.keyspace.lock('send'), 0, -1)).toEqual(['a job']);
  });

  it('drops the field of a pool that is gone, 30 s after it was seen first, and takes it out of the lock', async () => {
    await arrange('3', { p1: '1', gone: '2' });
    expect(await keeper.runOnce()).toEqual({ healed: 0, dropped: 0 });
    clock.pass(29_999);
    expect(await keeper.runOnce()).toEqual({ healed: 0, dropped: 0 });
    clock.pass(1);
    expect(await keeper.runOnce()).toEqual({ healed: 0, dropped: 1 });
    expect(await info()).toEqual({ p1: '1' });
    expect(await lock()).toBe('1');
  });

  describe.each([
    ['is a member', (pool: string) => test.redis.sadd(test.keyspace.workerPools, pool)],
    ['is being reaped', (pool: string) => test.redis.sadd(test.keyspace.ext.reaping, pool)],
    ['is an id of ours', (pool: string) => test.redis.hset(test.keyspace.ext.pools, pool, 'p1')],
  ])('of a pool that %s', (_, stands) => {
    it('takes no field for a stray', async () => {
      await arrange('2', { back: '2', gone: '0' });
      await stands('back');
      const { strays } = await healLocks(test.redis, test.keyspace, ['other', 'send']);
      expect(strays).toEqual([{ jobName: 'send', poolId: 'gone' }]);
    });

    it('drops no field that was one before', async () => {
      await arrange('2', { back: '2' });
      await stands('back');
      const fields = [{ jobName: 'send', poolId: 'back' }];
      expect(await dropLockFields(test.redis, test.keyspace, fields)).toBe(0);
      expect(await info()).toEqual({ back: '2' });
    });
  });

  it('keeps the field of a pool that is in no set but holds a job: that is an orphan', async () => {
    await holdJobs(test.redis, test.keyspace, 'ghost', 'send', ['a job']);
    await keeper.runOnce();
    clock.pass(30_000);
    expect((await keeper.runOnce()).dropped).toBe(0);
    expect(await info()).toEqual({ ghost: '1' });
  });

  it('waits anew with a pool that was back in between', async () => {
    await arrange('1', { gone: '1' });
    await keeper.runOnce();
    await test.redis.sadd(test.keyspace.workerPools, 'gone');
    clock.pass(20_000);
    await keeper.runOnce();
    await test.redis.srem(test.keyspace.workerPools, 'gone');
    clock.pass(20_000);
    expect((await keeper.runOnce()).dropped).toBe(0);
    clock.pass(30_000);
    expect((await keeper.runOnce()).dropped).toBe(1);
  });

  it('goes through thousands of types and fields', async () => {
    const { redis, keyspace } = test;
    const names = Array.from({ length: 1_050 }, (_, i) => `type${i}`);
    await redis.sadd(keyspace.knownJobs, ...names);
    await redis.mset(names.flatMap((name) => [keyspace.lock(name), '9']));
    const pipeline = redis.pipeline();
    for (const name of names) pipeline.hset(keyspace.lockInfo(name), 'gone', '0');
    await pipeline.exec();
    expect(await keeper.runOnce()).toEqual({ healed: 1_050, dropped: 0 });
    clock.pass(30_000);
    expect((await keeper.runOnce()).dropped).toBe(1_000);
    clock.pass(60_000);
    await keeper.runOnce();
    clock.pass(60_000);
    expect((await keeper.runOnce()).dropped).toBe(50);
  });
});

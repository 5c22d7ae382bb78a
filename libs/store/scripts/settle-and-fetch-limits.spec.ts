import { describeRedis, testRedis, type TestRedis } from '../../../test/support/index.js';
import { ScriptPool, settleOf, textsOf } from '../../../test/support/script-pool.js';

describeRedis('settleAndFetch, of a type with a limit', () => {
  let test: TestRedis;
  let pool: ScriptPool;
  const limit = (jobs: number) => test.redis.set(test.keyspace.maxConcurrency('mail'), jobs);
  const counts = (lock: number, fields: Readonly<Record<string, number>>) =>
    Promise.all([
      test.redis.set(test.keyspace.lock('mail'), lock),
      test.redis.hset(test.keyspace.lockInfo('mail'), fields),
    ]);
  beforeEach(async () => {
    test = testRedis();
    pool = new ScriptPool(test);
    await pool.join();
    await pool.push('1', '2', '3', '4');
  });
  afterEach(() => test.close());

  it('takes no more than the limit leaves', async () => {
    await limit(2);
    const reply = await pool.known({ wanted: 4 });
    expect(textsOf(reply)).toEqual(['1', '2']);
    expect(reply.statuses.get('mail')).toBe('at-limit');
  });

  it('takes the place of the jobs that the same call settles', async () => {
    await limit(2);
    await pool.known({ wanted: 2 });
    const reply = await pool.known({ wanted: 4, settles: [settleOf('1')] });
    expect(textsOf(reply)).toEqual(['3']);
    expect(await pool.lock()).toBe('2');
  });

  it('takes none ahead, and says that there is a limit', async () => {
    await limit(9);
    const reply = await pool.known({ wanted: 3, ahead: 2 });
    expect(textsOf(reply)).toEqual(['1']);
    expect(reply.statuses.get('mail')).toBe('limited');
  });

  it('lets other types be fetched ahead meanwhile', async () => {
    await limit(9);
    await test.redis.lpush(test.keyspace.queue('free'), 'a', 'b', 'c');
    const queues = ['mail', 'free'].map((name) => ({ name, priority: 1 }));
    const { jobs } = await pool.known({ wanted: 3, ahead: 3, queues });
    expect(jobs.map(({ queueName }) => queueName)).toEqual(['free', 'free', 'free']);
  });

  it('heals a lock that leaked, so that as many run as may', async () => {
    await limit(2);
    await counts(1, { [pool.poolId]: 0 });
    expect(textsOf(await pool.known({ wanted: 4 }))).toEqual(['1', '2']);
    expect(await pool.lock()).toBe('2');
  });

  it('heals its own count where a settle could not lower it, so that the type does not stand still', async () => {
    await limit(2);
    await pool.known({ wanted: 2 });
    const lockInfo = test.keyspace.lockInfo('mail');
    await test.redis.rename(lockInfo, `${lockInfo}x`);
    await test.redis.set(lockInfo, 'something else');
    await pool.known({ wanted: 0, settles: [settleOf('1'), settleOf('2')] });
    await test.redis.rename(`${lockInfo}x`, lockInfo);
    expect(textsOf(await pool.known({ wanted: 4 }))).toEqual(['3', '4']);
    expect(await pool.lock()).toBe('2');
  });

  it('heals a negative count that Go’s late acks leave, so that no more run than may', async () => {
    await limit(3);
    await counts(-1, { other: -1 });
    expect(textsOf(await pool.known({ wanted: 4 }))).toEqual(['1', '2', '3']);
    expect(await pool.lock()).toBe('3');
    expect(await test.redis.hget(test.keyspace.lockInfo('mail'), 'other')).toBe('0');
  });

  it('counts what other pools hold', async () => {
    await limit(3);
    await counts(2, { other: 2 });
    expect(textsOf(await pool.known({ wanted: 4 }))).toEqual(['1']);
    expect(await pool.lock()).toBe('3');
  });

  describe('that the pool declares, as others of ours do', () => {
    const queues = [{ name: 'mail', priority: 1, limit: 9 }];
    const stored = () => test.redis.get(test.keyspace.maxConcurrency('mail'));
    const lastOfOurs = (text: string) =>
      test.redis.hset(test.keyspace.ext.limits, test.keyspace.maxConcurrency('mail'), text);

    it.each([
      ['a start of gocraft/work has lifted it', '0'],
      ['its key is gone', null],
    ])('is set to what the last of ours wrote where %s, before anything is taken', async (_what, text) => {
      await lastOfOurs('2');
      if (text) await limit(Number(text));
      const reply = await pool.known({ wanted: 4, queues });
      expect(textsOf(reply)).toEqual(['1', '2']);
      expect(reply.statuses.get('mail')).toBe('at-limit');
      expect(reply.foreignLimits).toEqual([{ queueName: 'mail', inForce: 2, ours: 2 }]);
      expect(await stored()).toBe('2');
      expect((await pool.known({ wanted: 4, queues })).foreignLimits).toEqual([]);
    });

    it.each([
      ['another has been set, which is told', '2', '3', 3, [{ queueName: 'mail', inForce: 3, ours: 2 }]],
      ['what ours wrote is no number', 'many', '0', 4, []],
      ['the last of ours lifted it', '0', '0', 4, []],
    ])('stays as it is where %s', async (_what, written, text, taken, told) => {
      await lastOfOurs(written);
      await test.redis.set(test.keyspace.maxConcurrency('mail'), text);
      const reply = await pool.known({ wanted: 4, queues });
      expect([reply.jobs.length, reply.foreignLimits, await stored()]).toEqual([taken, told, text]);
    });

    it('stays lifted for a pool that declares none: whoever wrote it may be long gone', async () => {
      await lastOfOurs('2');
      await limit(0);
      expect((await pool.known({ wanted: 4 })).jobs).toHaveLength(4);
      expect(await stored()).toBe('0');
    });
  });

  it.each([
    ['no limit where it is 0', '0', 4],
    ['no limit where it is no number', 'many', 4],
    ['nothing where it is below 0', '-1', 0],
    ['up to a fraction', '1.5', 2],
  ])('means %s', async (_what, text, taken) => {
    await test.redis.set(test.keyspace.maxConcurrency('mail'), text);
    expect((await pool.known({ wanted: 4 })).jobs).toHaveLength(taken);
  });

  it.each(['abc', '0x1', '0.5'])(
    'is not taken from where its lock is %s, which blocks it for Go as well',
    async (lock) => {
      await limit(2);
      await test.redis.set(test.keyspace.lock('mail'), lock);
      const reply = await pool.known({ wanted: 4 });
      expect(reply.jobs).toEqual([]);
      expect(reply.statuses.get('mail')).toBe('broken');
      expect(reply.errors).toMatchObject([{ key: test.keyspace.lock('mail') }]);
    },
  );
});

describeRedis('settleAndFetch, of a type without a limit', () => {
  let test: TestRedis;
  let pool: ScriptPool;
  beforeEach(async () => {
    test = testRedis();
    pool = new ScriptPool(test);
    await pool.join();
    await pool.push('1', '2');
    await pool.known({ wanted: 2 });
  });
  afterEach(() => test.close());

  it('brings its own count down to what its list shows', async () => {
    await test.redis.hset(test.keyspace.lockInfo('mail'), pool.poolId, 5);
    await test.redis.set(test.keyspace.lock('mail'), 7);
    await pool.known({ settles: [settleOf('1')] });
    expect([await pool.lock(), await pool.held()]).toEqual(['3', '1']);
  });

  it('never leaves the lock below 0', async () => {
    await test.redis.set(test.keyspace.lock('mail'), 0);
    await pool.known({ settles: [settleOf('1')] });
    expect([await pool.lock(), await pool.held()]).toEqual(['0', '1']);
  });

  it('changes no count where a reaper has taken it already', async () => {
    await test.redis.hdel(test.keyspace.lockInfo('mail'), pool.poolId);
    await test.redis.set(test.keyspace.lock('mail'), 4);
    await pool.known({ settles: [settleOf('1')] });
    expect([await pool.lock(), await pool.held()]).toEqual(['4', null]);
  });
});

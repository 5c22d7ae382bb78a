import { describeRedis, ownRedis, testRedis, type TestRedis } from '../../../test/support/index.js';
import { settleAndFetch } from './settle-and-fetch.js';
import { ScriptPool, settleOf, textsOf } from '../../../test/support/script-pool.js';

describeRedis('settleAndFetch', () => {
  let test: TestRedis;
  let pool: ScriptPool;
  beforeEach(async () => {
    test = testRedis();
    pool = new ScriptPool(test);
    await pool.join();
  });
  afterEach(() => test.close());

  it('takes the oldest jobs, and leaves in-progress list, lock and lock_info as gocraft/work would', async () => {
    await pool.push('1', '2', '3');
    const reply = await pool.known({ wanted: 2 });
    expect(textsOf(reply)).toEqual(['1', '2']);
    expect(reply.statuses.get('mail')).toBe('more');
    expect(await pool.inProgress()).toEqual(['2', '1']);
    expect(await pool.waiting()).toEqual(['3']);
    expect([await pool.lock(), await pool.held()]).toEqual(['2', '2']);
  });

  it('takes thousands in one call, in their order', async () => {
    const jobs = Array.from({ length: 2_500 }, (_, i) => String(i));
    await pool.push(...jobs);
    expect(textsOf(await pool.known({ wanted: 2_400 }))).toEqual(jobs.slice(0, 2_400));
    expect(await pool.inProgress()).toEqual(jobs.slice(0, 2_400).reverse());
    expect(await pool.waiting()).toEqual(jobs.slice(2_400).reverse());
  });

  it('settles by bytes, in bytes that are no UTF-8 as well', async () => {
    const job = Buffer.from([0xff, 0xfe, 0x00, 0x7b]);
    await pool.push(job);
    const [taken] = (await pool.known({ wanted: 1 })).jobs;
    expect(taken?.bytes).toEqual(job);
    const reply = await pool.known({ settles: [{ ...taken!, settlement: { kind: 'succeeded' } }] });
    expect(reply).toMatchObject({ kind: 'ok', gone: [], kept: [] });
    expect(await pool.inProgress()).toEqual([]);
    expect([await pool.lock(), await pool.held()]).toEqual(['0', '0']);
  });

  it('settles and takes in one step', async () => {
    await pool.push('1', '2', '3');
    await pool.known({ wanted: 2 });
    const reply = await pool.known({ wanted: 2, settles: [settleOf('1'), settleOf('2')] });
    expect(textsOf(reply)).toEqual(['3']);
    expect(reply.statuses.get('mail')).toBe('empty');
    expect([await pool.lock(), await pool.held()]).toEqual(['1', '1']);
  });

  it('moves every outcome to its place', async () => {
    await pool.push('r', 'd', 's', 'b', 'q', 'x');
    await pool.known({ wanted: 6 });
    const settles = [
      settleOf('r', { kind: 'retry', score: 30, bytes: Buffer.from('r1') }),
      settleOf('d', { kind: 'dead', score: 20, bytes: Buffer.from('d1') }),
      settleOf('s', { kind: 'scheduled', score: 10, bytes: Buffer.from('s1') }),
      settleOf('b', { kind: 'back' }),
      settleOf('q', { kind: 'quarantined', entry: Buffer.from('why\nq') }),
      settleOf('x', { kind: 'discarded' }),
    ];
    await pool.known({ settles, queues: [] });
    const { redis, keyspace } = test;
    expect(await redis.zrange(keyspace.retry, '0', '-1', 'WITHSCORES')).toEqual(['r1', '30']);
    expect(await redis.zrange(keyspace.dead, '0', '-1', 'WITHSCORES')).toEqual(['d1', '20']);
    expect(await redis.zrange(keyspace.scheduled, '0', '-1', 'WITHSCORES')).toEqual(['s1', '10']);
    expect(await redis.lrange(keyspace.ext.quarantine, 0, -1)).toEqual(['why\nq']);
    expect(await pool.waiting()).toEqual(['b']);
    expect(await pool.inProgress()).toEqual([]);
    expect([await pool.lock(), await pool.held()]).toEqual(['0', '0']);
  });

  it('puts what goes back where it runs next, the last named first', async () => {
    await pool.push('1', '2', '3');
    await pool.known({ wanted: 2 });
    await pool.known({ settles: ['2', '1'].map((job) => settleOf(job, { kind: 'back' })) });
    expect(textsOf(await pool.known({ wanted: 3 }))).toEqual(['1', '2', '3']);
  });

  it('keeps the last 25 failed attempts of a job for seven days', async () => {
    await pool.push('1');
    for (let i = 1; i <= 26; i++) {
      await pool.known({ wanted: 1 });
      const attempt = { jobId: 'id1', line: String(i) };
      await pool.known({ settles: [settleOf('1', { kind: 'back', attempt })] });
    }
    const lines = await test.redis.lrange(test.keyspace.ext.attempts('id1'), 0, -1);
    expect(lines).toEqual(Array.from({ length: 25 }, (_, i) => String(i + 2)));
    expect(await test.redis.ttl(test.keyspace.ext.attempts('id1'))).toBeGreaterThan(6 * 86_400);
  });

  it('changes nothing and says so when a number comes again', async () => {
    await pool.push('1', '2');
    await pool.known({ wanted: 1 });
    const again = { number: 1, wanted: 1, settles: [settleOf('1')] };
    expect(await pool.send(again)).toEqual({ kind: 'repeat', number: 1 });
    expect(await pool.inProgress()).toEqual(['1']);
    expect(await pool.waiting()).toEqual(['2']);
  });

  it('takes nothing for a pool that is no member, but settles what it still has', async () => {
    await pool.push('1', '2');
    await pool.known({ wanted: 1 });
    await test.redis.srem(test.keyspace.workerPools, pool.poolId);
    const reply = await pool.known({ wanted: 1, settles: [settleOf('1')] });
    expect(reply).toMatchObject({ kind: 'fenced', gone: [], jobs: [] });
    expect(await pool.inProgress()).toEqual([]);
    expect(await pool.waiting()).toEqual(['2']);
    expect([await pool.lock(), await pool.held()]).toEqual(['0', '0']);
  });

  it('takes nothing where an entry is gone, and writes nothing for it', async () => {
    await pool.push('1', '2', '3');
    await pool.known({ wanted: 2 });
    await test.redis.lrem(test.keyspace.inProgress('mail', pool.poolId), 1, '1');
    const lost = settleOf('1', { kind: 'retry', score: 1, bytes: Buffer.from('1') });
    const reply = await pool.known({ wanted: 1, settles: [settleOf('2'), lost] });
    expect(reply).toMatchObject({ kind: 'fenced', gone: [lost], jobs: [] });
    expect(await test.redis.exists(test.keyspace.retry)).toBe(0);
  });

  it('keeps the entry where its place refuses it, and names the place', async () => {
    const { redis, keyspace } = test;
    await redis.set(keyspace.retry, 'not a sorted set');
    await pool.push('1', '2');
    await pool.known({ wanted: 2 });
    const refused = settleOf('1', { kind: 'retry', score: 1, bytes: Buffer.from('1') });
    const reply = await pool.known({ settles: [refused, settleOf('2')] });
    expect(reply).toMatchObject({ kind: 'ok', kept: [refused], gone: [] });
    expect(reply.errors).toMatchObject([{ key: keyspace.retry }]);
    expect(await pool.inProgress()).toEqual(['1']);
    expect([await pool.lock(), await pool.held()]).toEqual(['1', '1']);
  });

  it('raises before it writes where the fence or the number cannot be read', async () => {
    await pool.push('1');
    await test.redis.set(test.keyspace.workerPools, 'not a set');
    await expect(pool.send({ wanted: 1 })).rejects.toThrow('WRONGTYPE');
    expect(await test.redis.exists(test.keyspace.ext.call(pool.poolId))).toBe(0);
    expect(await pool.waiting()).toEqual(['1']);
  });

  it('names a queue that cannot be used, and takes from the others', async () => {
    await pool.push('1');
    await test.redis.hset(test.keyspace.queue('hash'), 'a', 'b');
    await test.redis.lpush(test.keyspace.queue('locked'), 'x');
    await test.redis.set(test.keyspace.lock('locked'), 'abc');
    const queues = ['hash', 'locked', 'mail'].map((name) => ({ name, priority: 1 }));
    const reply = await pool.known({ wanted: 3, queues });
    expect(textsOf(reply)).toEqual(['1']);
    expect([...reply.statuses.values()]).toEqual(['broken', 'broken', 'empty']);
    expect(reply.errors.map(({ key }) => key)).toEqual([test.keyspace.queue('hash'), test.keyspace.lock('locked')]);
    expect(await test.redis.lrange(test.keyspace.queue('locked'), 0, -1)).toEqual(['x']);
    expect(await test.redis.hexists(test.keyspace.lockInfo('locked'), pool.poolId)).toBe(0);
  });

  it('counts nothing that it could not take', async () => {
    await pool.push('1');
    await test.redis.set(test.keyspace.inProgress('mail', pool.poolId), 'not a list');
    expect((await pool.known({ wanted: 1 })).jobs).toEqual([]);
    expect([await pool.lock(), await pool.held()]).toEqual(['0', '0']);
    await test.redis.set(test.keyspace.lockInfo('mail'), 'not a hash');
    expect((await pool.known({ wanted: 1 })).jobs).toEqual([]);
    expect(await pool.lock()).toBe('0');
    expect(await pool.waiting()).toEqual(['1']);
  });

  it('takes nothing where it may not remove what it has copied', async () => {
    await pool.push('1', '2');
    const name = `limited-${test.namespace}`;
    await test.redis.acl('SETUSER', name, 'on', 'nopass', '~*', '+@all', '-ltrim');
    const forbidden = test.connect();
    await forbidden.auth(name, '');
    const call = { wanted: 2, ahead: 0, seed: 1, queues: [{ name: 'mail', priority: 1 }], settles: [] };
    const reply = await settleAndFetch(forbidden, test.keyspace, { ...call, poolId: pool.poolId, number: 1 });
    await test.redis.acl('DELUSER', name);
    expect(reply).toMatchObject({ kind: 'ok', jobs: [], errors: [{ key: test.keyspace.queue('mail') }] });
    expect(await pool.waiting()).toEqual(['2', '1']);
    expect(await pool.inProgress()).toEqual([]);
    expect([await pool.lock(), await pool.held()]).toEqual(['0', '0']);
  });

  it('settles and takes where Redis is out of memory', async () => {
    const own = await ownRedis(['--maxmemory', '1mb', '--maxmemory-policy', 'noeviction']);
    const full = testRedis(own.url);
    const fullPool = new ScriptPool(full);
    try {
      await full.redis.config('SET', 'maxmemory', '0');
      await fullPool.join();
      await fullPool.push('1', '2');
      await fullPool.known({ wanted: 1 });
      await full.redis.config('SET', 'maxmemory', '1');
      await expect(fullPool.push('3')).rejects.toThrow('OOM');
      const failed = settleOf('1', { kind: 'retry', score: 1, bytes: Buffer.from('1') });
      expect(textsOf(await fullPool.known({ wanted: 1, settles: [failed] }))).toEqual(['2']);
      expect(await full.redis.zcard(full.keyspace.retry)).toBe(1);
    } finally {
      await full.close();
      await own.kill();
    }
  });

  it('draws as the seed says', async () => {
    const drawWith = async (seed: number, names: readonly string[]) => {
      for (const name of names)
        await test.redis.lpush(test.keyspace.queue(name), ...Array.from({ length: 50 }, () => name));
      const queues = names.map((name) => ({ name, priority: 1 }));
      return textsOf(await pool.known({ wanted: 50, queues, seed })).map((name) => names.indexOf(name));
    };
    const drawn = await drawWith(1, ['a', 'b']);
    expect(await drawWith(1, ['c', 'd'])).toEqual(drawn);
    expect(await drawWith(2, ['e', 'f'])).not.toEqual(drawn);
  });

  it('draws by priority among the queues that have work', async () => {
    const { redis, keyspace } = test;
    const queues = [
      { name: 'rare', priority: 1 },
      { name: 'often', priority: 9 },
      { name: 'paused', priority: 1_000 },
      { name: 'empty', priority: 1_000 },
    ];
    for (const name of ['rare', 'often', 'paused'])
      await redis.lpush(keyspace.queue(name), ...Array.from({ length: 2_000 }, (_, i) => `${name}${i}`));
    await redis.set(keyspace.paused('paused'), '');
    const reply = await pool.known({ wanted: 1_000, queues, seed: 7 });
    const often = reply.jobs.filter(({ queueName }) => queueName === 'often');
    expect(often.length).toBeGreaterThan(850);
    expect(often.length).toBeLessThan(950);
    expect(often.map(({ bytes }) => String(bytes))).toEqual(often.map((_, i) => `often${i}`));
    expect([...reply.statuses.values()]).toEqual(['more', 'more', 'paused', 'empty']);
  });
});

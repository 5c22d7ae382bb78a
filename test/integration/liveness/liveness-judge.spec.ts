import { once } from 'node:events';
import { Redis } from 'ioredis';
import { Keyspace } from '#protocol';
import { describeRedis, disconnect, ownRedis, type OwnRedis } from '../../support/index.js';
import { ManualClock } from '../../support/manual-clock.js';
import { holdJobs, PoolInTest } from '../../support/pool-in-test.js';

describeRedis('who may judge others', () => {
  const keyspace = new Keyspace('judge');
  let server: OwnRedis;
  let redis: Redis;
  let own: Redis | undefined;
  let clock: ManualClock;

  beforeAll(async () => {
    server = await ownRedis();
    redis = new Redis(server.url);
  });
  beforeEach(async () => {
    await redis.config('SET', 'maxmemory', '0');
    await redis.flushall();
    clock = new ManualClock();
  });
  afterEach(async () => own && (await disconnect(own)));
  afterAll(async () => {
    await disconnect(redis);
    await server.kill();
  });

  const pool = (id: string) => new PoolInTest({ redis, keyspace, clock, ids: ['worker', id] }).register();
  const looksOf = async (judge: PoolInTest, times: number) => {
    const reaps: unknown[] = [];
    for (let look = 0; look < times; look += 1) reaps.push(...(await judge.beatAndLook()).reaps);
    return reaps;
  };

  it('is nobody whose own beat Redis refuses, and whoever was refused counts anew', async () => {
    const [judge] = [await pool('a'), await pool('b')];
    expect(await looksOf(judge, 5)).toEqual([]);
    await redis.call('ACL', 'SETUSER', 'default', '-hset'); // what a beat writes with, and a reap does not
    expect(await looksOf(judge, 10)).toEqual([]);
    expect(judge.remembered).toBe(0);
    expect(judge.events).toEqual([
      { type: 'beat_refused', poolId: 'a', error: expect.objectContaining({ name: 'ReplyError' }) },
    ]);
    await redis.call('ACL', 'SETUSER', 'default', '+hset');
    expect(await looksOf(judge, 5)).toEqual([]);
    expect(judge.events.at(-1)).toEqual({ type: 'beat_accepted_again', poolId: 'a' });
    expect(await looksOf(judge, 1)).toMatchObject([{ poolId: 'b', outcome: 'reaped' }]);
  });

  it('is nobody whose last accepted beat is older than six seconds', async () => {
    const [judge] = [await pool('a'), await pool('b')];
    await judge.beat();
    expect((await judge.look()).looked).toBe(1);
    clock.pass(6_000);
    expect((await judge.look()).looked).toBe(1);
    clock.pass(1);
    expect((await judge.look()).looked).toBe(0);
  });

  it('is nobody who is fenced', async () => {
    const [judge] = [await pool('a'), await pool('b')];
    await looksOf(judge, 5);
    await redis.srem(keyspace.workerPools, 'a');
    expect(await looksOf(judge, 5)).toEqual([]);
    expect(await redis.sismember(keyspace.workerPools, 'b')).toBe(1);
  });

  it('counts anew on a new connection', async () => {
    own = new Redis(server.url);
    const judge = await new PoolInTest({ redis: own, keyspace, clock, ids: ['worker', 'a'] }).register();
    await pool('b');
    judge.watchConnection();
    await looksOf(judge, 5);
    expect(judge.remembered).toBe(1);
    const ready = once(own, 'ready');
    const id = String(await own.call('CLIENT', 'ID'));
    await redis.call('CLIENT', 'KILL', 'ID', id);
    await ready;
    expect(judge.remembered).toBe(0);
    expect((await judge.look()).looked).toBe(0);
    expect(await looksOf(judge, 5)).toEqual([]);
    expect(await looksOf(judge, 1)).toMatchObject([{ poolId: 'b', outcome: 'reaped' }]);
  });

  it('registers, beats, reaps and leaves also when Redis has reached maxmemory', async () => {
    const held = '{"name":"send","id":"1","t":1,"args":null}';
    await redis.sadd(keyspace.workerPools, 'go1');
    await holdJobs(redis, keyspace, 'go1', 'send', [held]);
    await redis.config('SET', 'maxmemory', '1');
    await expect(redis.set('any', 'value')).rejects.toThrow(/OOM/);
    const judge = await pool('a');
    expect(await judge.beat()).toBe('accepted');
    expect((await judge.lookUntilReaped()).reaps).toMatchObject([{ poolId: 'go1', outcome: 'reaped', recovered: 1 }]);
    expect(await redis.llen(keyspace.queue('send'))).toBe(1);
    await judge.registration.renew();
    expect(await judge.beat()).toBe('accepted');
    expect(await judge.registration.unregister()).toBe(true);
  });

  it('remembers no more pools than there are, however many come and go', async () => {
    const judge = await pool('a');
    for (let i = 0; i < 30; i += 1) {
      await redis.sadd(keyspace.workerPools, `go${i}`);
      await judge.beatAndLook();
      await redis.srem(keyspace.workerPools, `go${i}`);
    }
    await judge.beatAndLook();
    expect(judge.remembered).toBe(0);
  });
});

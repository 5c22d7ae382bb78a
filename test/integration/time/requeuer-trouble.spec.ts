import { Redis } from 'ioredis';
import { Keyspace } from '#protocol';
import type { WorkRedis } from '#store';
import { systemClock } from '../../../libs/engine/clock.js';
import type { WorkEvent } from '../../../libs/engine/events.js';
import { Requeuer } from '../../../libs/engine/time/index.js';
import { describeRedis, disconnect, ownRedis, testRedis, waitFor, type TestRedis } from '../../support/index.js';

/** Stands between a requeuer and its connection. */
function intercepted(redis: WorkRedis, around: (call: () => Promise<unknown>) => Promise<unknown>): WorkRedis {
  return new Proxy(redis, {
    get: (target, property) => {
      const value: unknown = Reflect.get(target, property);
      if (typeof value !== 'function') return value;
      const method = value.bind(target) as (...args: unknown[]) => Promise<unknown>;
      return property === 'callBuffer' ? (...args: unknown[]) => around(() => method(...args)) : method;
    },
  });
}

describeRedis('Requeuer, running', () => {
  let test: TestRedis;
  let events: WorkEvent[];
  let started: Requeuer[];

  beforeEach(() => {
    test = testRedis();
    events = [];
    started = [];
  });
  afterEach(async () => {
    await Promise.all(started.map((requeuer) => requeuer.stop()));
    await test.close();
  });

  const make = (redis: WorkRedis = test.redis, keyspace: Keyspace = test.keyspace) => {
    const report = (event: WorkEvent) => void events.push(event);
    return new Requeuer({ redis, keyspace, set: 'retry', clock: systemClock, random: Math.random, report });
  };
  const start = (redis?: WorkRedis) => {
    const requeuer = make(redis);
    started.push(requeuer);
    requeuer.start();
    return requeuer;
  };
  const job = (id: string, name = 'mail') => JSON.stringify({ name, id, t: 1, args: null });
  const now = () => Math.floor(Date.now() / 1000);
  const queueLength = () => test.redis.llen(test.keyspace.queue('mail'));
  const fill = (count: number) => {
    const pairs = Array.from({ length: count }, (_, index) => [now() - 10, job(`j${index}`)]).flat();
    return test.redis.zadd(test.keyspace.retry, ...pairs);
  };
  const failures = () => events.filter(({ type }) => type === 'role_failed');

  it('moves a job when its time comes, and one that is there already at once', async () => {
    await test.redis.zadd(test.keyspace.retry, now() - 1, job('a'), now() + 1, job('b'));
    start();
    await waitFor('both are in the queue', async () => (await queueLength()) === 2);
    await waitFor('each is told', () => events.filter(({ type }) => type === 'jobs_requeued').length === 2);
  });

  it('looks again when it is woken', async () => {
    let calls = 0;
    const requeuer = start(intercepted(test.redis, (call) => ((calls += 1), call())));
    await waitFor('the first pass', () => calls > 0);
    await test.redis.zadd(test.keyspace.retry, now() - 1, job('a'));
    requeuer.wake();
    await waitFor('the job is in the queue', async () => (await queueLength()) === 1);
  });

  it('stops after the batch under way, with more that is due behind it', async () => {
    await fill(2_000);
    let release!: () => void;
    const released = new Promise<void>((resolve) => (release = resolve));
    let calls = 0;
    const held = intercepted(test.redis, async (call) => {
      calls += 1;
      if (calls === 2) await released; // the first move
      return call();
    });
    const requeuer = start(held);
    await waitFor('the first move', () => calls === 2);
    const stopped = requeuer.stop();
    release();
    await stopped;
    expect(await queueLength()).toBe(500);
    requeuer.start();
    await waitFor('the rest is moved after a new start', async () => (await queueLength()) === 2_000);
  });

  it('moves nothing twice when the reply of a move is lost', async () => {
    await fill(3);
    let calls = 0;
    const lossy = intercepted(test.redis, async (call) => {
      const reply = await call();
      calls += 1;
      if (calls === 2) throw new Error('Connection is closed.');
      return reply;
    });
    const requeuer = make(lossy);
    await expect(requeuer.runOnce()).rejects.toThrow('Connection is closed.');
    expect(await requeuer.runOnce()).toMatchObject({ moved: 0, next: undefined });
    expect(await queueLength()).toBe(3);
  });

  it('reports a key that is no sorted set once, goes on when it is mended, and reports it anew', async () => {
    await test.redis.set(test.keyspace.retry, 'no sorted set');
    const requeuer = start();
    await waitFor('the failure is reported', () => failures().length > 0);
    expect(failures()[0]).toMatchObject({ role: 'Requeuer', error: { message: /WRONGTYPE/ } });
    let looks = 0;
    const again = start(intercepted(test.redis, (call) => ((looks += 1), call())));
    await waitFor('another look', () => (again.wake(), looks > 3));
    expect(failures()).toHaveLength(2); // once for each of the two
    await test.redis.del(test.keyspace.retry);
    await fill(1);
    requeuer.wake();
    await waitFor('the job is moved', async () => (await queueLength()) === 1);
  });

  it('loses nothing where the quarantine itself is broken, and the others flow', async () => {
    await test.redis.set(test.keyspace.ext.quarantine, 'no list');
    await test.redis.zadd(test.keyspace.retry, 1, 'poison', 2, job('a'));
    await expect(make().runOnce()).rejects.toThrow(/WRONGTYPE/);
    expect(await queueLength()).toBe(1);
    expect(await test.redis.zrange(test.keyspace.retry, '0', '-1')).toEqual(['poison']);
  });

  it('leaves a job where it is when Redis does not permit the move', async () => {
    const user = `user-${test.namespace}`;
    await test.redis.call('ACL', 'SETUSER', user, 'on', 'nopass', `~${test.namespace}:*`, '+@all', '-lpush');
    const limited = new Redis(test.url, { username: user, password: 'any' });
    try {
      await fill(2);
      await expect(make(limited).runOnce()).rejects.toThrow(/can't run this command|no permissions to run/);
      expect(await test.redis.zcard(test.keyspace.retry)).toBe(2);
      expect(await test.redis.exists(test.keyspace.ext.quarantine)).toBe(0);
    } finally {
      await disconnect(limited);
      await test.redis.call('ACL', 'DELUSER', user);
    }
  });

  it('sets nothing aside for an error that is not about the key of its queue', async () => {
    await fill(2);
    let calls = 0;
    const refusing = intercepted(test.redis, (call) => {
      calls += 1;
      return calls === 2 ? Promise.resolve([0, 0, [1, Buffer.from('MISCONF cannot persist')]]) : call();
    });
    await expect(make(refusing).runOnce()).rejects.toMatchObject({
      name: 'ReplyError',
      message: 'MISCONF cannot persist',
    });
    expect(await test.redis.zcard(test.keyspace.retry)).toBe(2);
    expect(await test.redis.exists(test.keyspace.ext.quarantine)).toBe(0);
  });

  it('works on a Redis that has reached maxmemory', async () => {
    const server = await ownRedis();
    const redis = new Redis(server.url);
    const keyspace = new Keyspace('full');
    try {
      await redis.zadd(keyspace.retry, 1, 'poison', 2, job('a'));
      await redis.config('SET', 'maxmemory', '1');
      await expect(redis.set('any', 'value')).rejects.toThrow(/OOM/);
      expect(await make(redis, keyspace).runOnce()).toMatchObject({ moved: 1, quarantined: 1 });
    } finally {
      await disconnect(redis);
      await server.kill();
    }
  });
});

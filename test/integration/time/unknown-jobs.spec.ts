import type { WorkEvent } from '../../../libs/engine/events.js';
import { retryUnknownJobs, UnknownJobFinder } from '../../../libs/engine/time/index.js';
import { describeRedis, testRedis, waitFor, type TestRedis } from '../../support/index.js';
import { ManualClock } from '../../support/manual-clock.js';
import { clientOf, FAILED, job, NOW, storedIn } from '../../support/stored-jobs.js';

const UNKNOWN = { err: 'unknown job when requeueing', failed_at: 9 };

describeRedis('jobs that a pool of gocraft/work buried, not knowing their type', () => {
  let test: TestRedis;
  let events: WorkEvent[];
  let clock: ManualClock;
  beforeEach(() => {
    test = testRedis();
    events = [];
    clock = new ManualClock(NOW * 1000);
  });
  afterEach(() => test.close());

  const { dead, deadMembers, queue } = storedIn(() => test);
  const retrier = (intervalMs?: number) => finder(true, intervalMs);
  const finder = (retries: boolean, intervalMs?: number) =>
    new UnknownJobFinder({
      redis: test.redis,
      keyspace: test.keyspace,
      jobNames: ['mail', 'send'],
      retries,
      clock,
      random: () => 0.5,
      report: (event) => void events.push(event),
      intervalMs,
    });

  it('go back to their queue with the attempts they had, and are told', async () => {
    await dead(NOW - 5, job('scheduled', UNKNOWN));
    await dead(NOW - 4, job('retried', { ...UNKNOWN, fails: 2 }));
    await retrier().runOnce();
    expect(await deadMembers()).toEqual([]);
    expect((await queue()).sort()).toEqual([
      `{"name":"mail","id":"retried","t":${NOW},"args":{"id":"retried"},"fails":2}`,
      `{"name":"mail","id":"scheduled","t":${NOW},"args":{"id":"scheduled"}}`,
    ]);
    expect(events).toEqual([{ type: 'unknown_jobs_retried', retried: 2, jobNames: ['mail'] }]);
  });

  it('are not mistaken for those that died, whatever their arguments and errors say', async () => {
    const others = [
      job('died', FAILED),
      job('says so', { ...FAILED, err: 'it said: unknown job when requeueing' }),
      job('unknown job when requeueing', FAILED),
      job('foreign', UNKNOWN, 'report'),
      Buffer.from('no job, unknown job when requeueing'),
    ];
    for (const each of others) await dead(NOW, each);
    await retrier().runOnce();
    expect(await deadMembers()).toHaveLength(others.length);
    expect(events).toEqual([]);
  });

  it('are found among thousands that died', async () => {
    for (let at = 0; at < 5_000; at += 1_000) {
      const jobs = Array.from({ length: 1_000 }, (_, n) => job(`${at + n}`, n % 3 === 0 ? UNKNOWN : FAILED));
      await test.redis.zadd(test.keyspace.dead, ...jobs.flatMap((bytes, n) => [at + n, bytes]));
    }
    await retrier().runOnce();
    expect(events).toEqual([{ type: 'unknown_jobs_retried', retried: 5 * 334, jobNames: ['mail'] }]);
    expect(await queue()).toHaveLength(5 * 334);
    expect((await deadMembers()).filter((text) => text.includes('unknown'))).toEqual([]);
  });

  it('are all found while others take theirs out of the dead set', async () => {
    const jobs = (name: string) => Array.from({ length: 1_000 }, (_, n) => job(`${name}${n}`, UNKNOWN, name));
    const [mine, foreign] = [jobs('mail'), jobs('report')];
    await test.redis.zadd(test.keyspace.dead, ...foreign.flatMap((bytes) => [NOW + 1, bytes]));
    await test.redis.zadd(test.keyspace.dead, ...mine.flatMap((bytes) => [NOW, bytes]));
    const redis = test.connect();
    const zscan = redis.zscanBuffer.bind(redis);
    const meanwhile = async (...args: Parameters<typeof zscan>) => {
      const reply = await zscan(...args);
      const taken = foreign.splice(0, 300);
      if (taken.length > 0) await test.redis.zrem(test.keyspace.dead, ...taken);
      return reply;
    };
    jest.spyOn(redis, 'zscanBuffer').mockImplementation(meanwhile);
    const tally = await retryUnknownJobs(redis, test.keyspace, { jobNames: new Set(['mail']), now: NOW });
    expect([tally.retried, foreign]).toEqual([1_000, []]);
  });

  it('are looked for once in all that is dead, and then in what died since', async () => {
    const role = retrier();
    await role.runOnce();
    clock.pass(120_000);
    await dead(NOW - 61, job('before', UNKNOWN));
    await dead(NOW - 60, job('of a late clock', UNKNOWN));
    await dead(NOW + 125, job('retried in vain by Go', UNKNOWN));
    await role.runOnce();
    expect(events).toEqual([{ type: 'unknown_jobs_retried', retried: 2, jobNames: ['mail'] }]);
    expect(await deadMembers()).toHaveLength(1);
    const many = Array.from({ length: 700 }, (_, n) => job(`recent${n}`, n % 2 === 0 ? UNKNOWN : FAILED));
    await test.redis.zadd(test.keyspace.dead, ...many.flatMap((bytes) => [NOW + 120, bytes]));
    await role.runOnce();
    expect(events[1]).toMatchObject({ retried: 350 });
    await test.redis.zremrangebyscore(test.keyspace.dead, NOW + 120, NOW + 120);
    await retrier().runOnce();
    expect(await deadMembers()).toHaveLength(0);
  });

  it('stay where their queue is no list, and the others go on', async () => {
    await test.redis.set(test.keyspace.queue('mail'), 'text');
    await dead(NOW, job('a', UNKNOWN));
    await dead(NOW, job('b', UNKNOWN, 'send'));
    expect(await retrier().runOnce()).toEqual({ retried: 1, jobNames: ['send'] });
    expect(await deadMembers()).toHaveLength(1);
  });

  it('are looked for again and again', async () => {
    const role = retrier(5);
    role.start();
    for (const id of ['a', 'b']) {
      await dead(NOW, job(id, UNKNOWN));
      await waitFor('it to be back', async () => (await deadMembers()).length === 0);
    }
    await role.stop();
    expect(await queue()).toHaveLength(2);
  });

  it('are told once a type, and stay, where nobody asked for them', async () => {
    const role = finder(false);
    await dead(NOW - 86_401, job('old', UNKNOWN));
    for (const id of ['a', 'b']) {
      await dead(NOW, job(id, UNKNOWN));
      await role.runOnce();
    }
    await dead(NOW, job('c', UNKNOWN, 'send'));
    await dead(NOW, job('foreign', UNKNOWN, 'report'));
    expect(await role.runOnce()).toEqual({ found: 1, jobNames: ['send'] });
    expect(events).toEqual([
      { type: 'unknown_jobs_found', found: 1, jobNames: ['mail'] },
      { type: 'unknown_jobs_found', found: 1, jobNames: ['send'] },
    ]);
    expect(await deadMembers()).toHaveLength(5);
  });

  it('are brought back by the client where a registered pool has their type', async () => {
    await test.redis.sadd(test.keyspace.workerPools, 'p');
    await test.redis.hset(test.keyspace.heartbeat('p'), { heartbeat_at: '1', job_names: 'mail,send' });
    await dead(NOW, job('a', UNKNOWN));
    await dead(NOW, job('b', UNKNOWN, 'report'));
    expect(await clientOf(test).retryUnknownJobs()).toEqual({ retried: 1, jobNames: ['mail'] });
    expect(await deadMembers()).toHaveLength(1);
    expect(await queue()).toHaveLength(1);
  });
});

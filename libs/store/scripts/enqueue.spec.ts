import { describeRedis, testRedis, type TestRedis } from '../../../test/support/index.js';
import { enqueue, type EnqueueReply, type UnknownJobsReply } from './enqueue.js';
import type { JobWrite } from './enqueue/job-writes.js';

describeRedis('enqueue', () => {
  let test: TestRedis;
  beforeEach(() => void (test = testRedis()));
  afterEach(() => test.close());

  const written = (reply: EnqueueReply | UnknownJobsReply): EnqueueReply => {
    if ('unknownJobs' in reply) throw new Error(`not known: ${reply.unknownJobs.join()}`);
    return reply;
  };
  const call = async (number: number, ...writes: JobWrite[]) =>
    written(await enqueue(test.redis, test.keyspace, { producerId: 'p', number, writes })).answers;
  const queue = (jobName: string) => test.redis.lrange(test.keyspace.queue(jobName), 0, -1);
  const job = (bytes: string): JobWrite => ({ jobName: 'mail', bytes });
  const unique = (bytes: string): JobWrite => ({
    ...job(bytes),
    unique: { key: `${test.keyspace.uniquePrefix('mail')}k`, holds: 'one' },
  });

  it('answers a repeated call as it answered the first time, and writes nothing', async () => {
    expect(await call(1, unique('a'), unique('b'))).toEqual(['written', 'duplicate']);
    expect(await call(1, unique('a'), unique('b'))).toEqual(['written', 'duplicate']);
    expect(await queue('mail')).toEqual(['a']);
  });

  it('refuses a call that arrives after a later one', async () => {
    await call(2, job('later'));
    await call(1, job('late'));
    expect(await queue('mail')).toEqual(['later']);
  });

  it('writes nothing of a call in which one job must be known and is not, and says which', async () => {
    const writes = ['mail', 'typo', 'sms', 'typo2'].map((jobName) => ({ jobName, bytes: 'a' }));
    const isKnown = (jobName: string) => jobName === 'sms';
    await test.redis.sadd(test.keyspace.knownJobs, 'mail');
    const reply = await enqueue(test.redis, test.keyspace, { producerId: 'p', number: 1, writes, isKnown });
    expect(reply).toEqual({ unknownJobs: ['typo', 'typo2'] });
    expect(await test.redis.keys(`${test.keyspace.queue('')}*`)).toEqual([]);
    expect(await test.redis.smembers(test.keyspace.knownJobs)).toEqual(['mail']);
  });

  it('answers the repetition of a written call also where its jobs are no longer known', async () => {
    const unknownNow = { producerId: 'p', number: 1, writes: [job('a')], isKnown: () => false };
    await call(1, job('a'));
    await test.redis.del(test.keyspace.knownJobs);
    expect(await enqueue(test.redis, test.keyspace, unknownNow)).toMatchObject({ answers: ['written'] });
  });

  it('forgets a producer that is gone, two hours after its last call', async () => {
    await call(1, job('a'));
    expect(await test.redis.ttl(test.keyspace.ext.producer('p'))).toBe(7_200);
  });

  it('answers each write with what became of it', async () => {
    await test.redis.set(test.keyspace.queue('broken'), 'no list');
    const [first, second, third, fourth] = await call(
      1,
      { jobName: 'broken', bytes: 'a' },
      job('b'),
      { ...job('c'), runAt: 5 },
      { jobName: 'broken', bytes: 'd', unique: { key: `${test.keyspace.uniquePrefix('broken')}k`, holds: 'job' } },
    );
    expect(first).toMatchObject({ name: 'ReplyError', message: expect.stringMatching(/^WRONGTYPE/) as string });
    expect([second, third]).toEqual(['written', 'written']);
    expect(fourth).toBeInstanceOf(Error);
    expect(await test.redis.exists(`${test.keyspace.uniquePrefix('broken')}k`)).toBe(0);
    expect(await test.redis.zrange(test.keyspace.scheduled, 0, '-1', 'WITHSCORES')).toEqual(['c', '5']);
  });

  it('keeps the order of plain and unique jobs of a type', async () => {
    await call(1, job('a'), job('b'), unique('c'), job('d'));
    expect(await queue('mail')).toEqual(['d', 'c', 'b', 'a']);
  });

  it('writes nothing at all where the set of job names is none', async () => {
    await test.redis.set(test.keyspace.knownJobs, 'no set');
    await expect(call(1, job('a'))).rejects.toThrow(/WRONGTYPE /);
    expect(await queue('mail')).toEqual([]);
    await test.redis.del(test.keyspace.knownJobs);
    expect(await call(1, job('a'))).toEqual(['written']);
  });

  it("tells Redis' time", async () => {
    const reply = written(await enqueue(test.redis, test.keyspace, { producerId: 'p', number: 1, writes: [job('a')] }));
    const [seconds] = await test.redis.time();
    expect(Math.abs(reply.redisMs / 1000 - Number(seconds))).toBeLessThan(60);
  });
});

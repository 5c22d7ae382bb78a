import { Enqueuer, UnknownJobError, type JobKnowledge } from '../../../libs/engine/enqueue/index.js';
import { describeRedis, testRedis, type TestRedis } from '../../support/index.js';

describeRedis('Enqueuer that is told which jobs are known', () => {
  let test: TestRedis;
  beforeEach(() => void (test = testRedis()));
  afterEach(() => test.close());

  const enqueuerKnowing = (names: readonly string[], advice?: JobKnowledge['advice']) =>
    new Enqueuer({
      redis: test.redis,
      keyspace: test.keyspace,
      knownJobs: { has: (jobName) => names.includes(jobName), ...(advice && { advice }) },
    });
  const keys = () => test.redis.keys(`${test.namespace}:*`);
  const lengthOf = (name: string) => test.redis.llen(test.keyspace.queue(name));
  const failure = (call: Promise<unknown>): Promise<unknown> =>
    call.then(
      () => undefined,
      (error: unknown) => error,
    );

  it('refuses a job that nobody knows, in each form of the call, and writes nothing', async () => {
    const enqueuer = enqueuerKnowing(['mail']);
    const calls = [
      enqueuer.enqueue('mial', { n: 1 }),
      enqueuer.enqueueIn('mial', 10, { n: 1 }),
      enqueuer.enqueueAt('mial', new Date(), { n: 1 }),
      enqueuer.enqueueUnique('mial', { n: 1 }),
      enqueuer.enqueueUniqueIn('mial', 10, { n: 1 }),
      enqueuer.enqueueUniqueByKey('mial', { n: 1 }, { n: 1 }),
      enqueuer.enqueueUniqueInByKey('mial', 10, { n: 1 }, { n: 1 }),
      enqueuer.enqueueMany(
        'mial',
        Array.from({ length: 2_500 }, (_, n) => ({ n })),
      ),
    ];
    for (const error of await Promise.all(calls.map(failure))) {
      expect(error).toBeInstanceOf(UnknownJobError);
      expect(error).toMatchObject({ code: 'WORK_UNKNOWN_JOB', jobName: 'mial', namespace: test.namespace });
    }
    expect(await keys()).toEqual([]);
  });

  it('says in the stack of its error who enqueued', async () => {
    const enqueuer = enqueuerKnowing(['mail']);
    async function signUp() {
      await enqueuer.enqueue('mial', null);
    }
    expect(((await failure(signUp())) as Error).stack).toContain('signUp');
  });

  it('writes the known jobs of the same turn, in their order', async () => {
    const enqueuer = enqueuerKnowing(['mail']);
    const first = enqueuer.enqueue('mail', { n: 1 });
    const typo = failure(enqueuer.enqueue('mial', null));
    const second = enqueuer.enqueue('mail', { n: 2 });
    const ids = (await Promise.all([first, second])).map(({ id }) => id);
    expect(await typo).toBeInstanceOf(UnknownJobError);
    const waiting = (await test.redis.lrange(test.keyspace.queue('mail'), 0, -1)).reverse();
    expect(waiting.map((job) => (JSON.parse(job) as { id: string }).id)).toEqual(ids);
    expect(await test.redis.smembers(test.keyspace.knownJobs)).toEqual(['mail']);
  });

  it('accepts what a worker pool of the namespace has registered, also after the refusal', async () => {
    const enqueuer = enqueuerKnowing([]);
    expect(await failure(enqueuer.enqueue('mail', null))).toBeInstanceOf(UnknownJobError);
    await test.redis.sadd(test.keyspace.knownJobs, 'mail');
    await enqueuer.enqueue('mail', null);
    expect(await lengthOf('mail')).toBe(1);
  });

  it('goes on with a job that it has enqueued once, also where the namespace forgot it', async () => {
    const enqueuer = enqueuerKnowing([]);
    await test.redis.sadd(test.keyspace.knownJobs, 'mail');
    await enqueuer.enqueue('mail', null);
    await test.redis.del(test.keyspace.knownJobs);
    await enqueuer.enqueue('mail', null);
    expect(await lengthOf('mail')).toBe(2);
    expect(await test.redis.smembers(test.keyspace.knownJobs)).toEqual(['mail']);
  });

  it('says what it is advised to say', async () => {
    const enqueuer = enqueuerKnowing([], (jobName) => `Did you mean anything but ${jobName}?`);
    expect(String(await failure(enqueuer.enqueue('mial', null)))).toContain('Did you mean anything but mial?');
  });

  it('accepts every job where it is told nothing', async () => {
    await new Enqueuer({ redis: test.redis, keyspace: test.keyspace }).enqueue('mial', null);
    expect(await lengthOf('mial')).toBe(1);
  });
});

import { InvalidArgumentsError, InvalidJobNameError, type JobDocument, decodeJob } from '#protocol';
import {
  EnqueueRefusedError,
  Enqueuer,
  EnqueuerClosedError,
  InvalidRunAtError,
  type EnqueuerOptions,
} from '../../../libs/engine/enqueue/index.js';
import { RedisClock } from '../../../libs/engine/clock.js';
import type { WorkEvent } from '../../../libs/engine/events.js';
import { describeRedis, testRedis, type TestRedis } from '../../support/index.js';

describeRedis('Enqueuer', () => {
  let test: TestRedis;
  let enqueuer: Enqueuer;
  beforeEach(() => {
    test = testRedis();
    enqueuer = enqueuerWith({});
  });
  afterEach(() => test.close());

  const enqueuerWith = (options: Partial<EnqueuerOptions>) =>
    new Enqueuer({ redis: test.redis, keyspace: test.keyspace, ...options });
  /** The jobs of a queue, the next to run first. */
  const waiting = async (name: string): Promise<JobDocument[]> =>
    (await test.redis.lrangeBuffer(test.keyspace.queue(name), 0, -1)).reverse().map(decodeJob);
  const numbersOf = (jobs: readonly JobDocument[]) => jobs.map(({ args }) => args?.['n']);
  const nothingWritten = async () => expect(await test.redis.keys(`${test.namespace}:*`)).toEqual([]);
  const clockAt = (nowMs: number) => ({ nowMs: () => nowMs, monotonicMs: () => 0 });

  it('puts a job behind those that wait, and answers with its id', async () => {
    const first = await enqueuer.enqueue('mail', { n: 1 });
    const second = await enqueuer.enqueue('mail', { n: 2 });
    const jobs = await waiting('mail');
    expect(jobs.map(({ id }) => id)).toEqual([first.id, second.id]);
    expect(first).toEqual({ id: jobs[0]!.id, name: 'mail', enqueuedAt: new Date(jobs[0]!.t * 1000) });
    expect(await test.redis.smembers(test.keyspace.knownJobs)).toEqual(['mail']);
  });

  it('takes the time of Redis, not that of its host, and anew with each reply', async () => {
    let monotonicMs = 0;
    const clock = new RedisClock({ nowMs: () => 0, monotonicMs: () => monotonicMs });
    const astray = enqueuerWith({ clock, timeoutMs: 600_000 });
    const redisSeconds = async () => Number((await test.redis.time())[0]);
    const { runAt, enqueuedAt } = await astray.enqueueIn('mail', 100, null);
    expect(Math.abs(enqueuedAt.getTime() / 1000 - (await redisSeconds()))).toBeLessThan(60);
    expect(Math.abs(runAt.getTime() / 1000 - (await redisSeconds()))).toBeLessThan(160);
    monotonicMs += 5_000_000;
    await astray.enqueue('mail', null);
    expect(Math.abs(clock.nowMs() / 1000 - (await redisSeconds()))).toBeLessThan(60);
  });

  it('writes the calls of one turn in one step, and keeps their order', async () => {
    await enqueuer.enqueue('warm', null);
    const calls = Array.from({ length: 50 }, (_, n) => enqueuer.enqueue(n % 2 ? 'odd' : 'even', { n }));
    const [unique, last] = [enqueuer.enqueueUnique('odd', { n: 51 }), enqueuer.enqueue('odd', { n: 53 })];
    await Promise.all([...calls, unique, last]);
    expect(numbersOf(await waiting('even'))).toEqual(Array.from({ length: 25 }, (_, n) => 2 * n));
    expect(numbersOf(await waiting('odd'))).toEqual([...Array.from({ length: 25 }, (_, n) => 2 * n + 1), 51, 53]);
    expect(await lastCallNumber()).toBe(2);
  });

  it('writes the calls that are made while another is under way together, each with an answer of its own', async () => {
    await enqueuer.enqueue('mail', { n: -1 });
    const first = enqueuer.enqueue('mail', { n: 0 });
    await new Promise((resolve) => setImmediate(resolve)); // the first is under way
    const others = Array.from({ length: 30 }, (_, n) => enqueuer.enqueueUnique('mail', { n: n % 20 }));
    await first;
    expect((await Promise.all(others)).filter((job) => job === null)).toHaveLength(10);
    expect(await lastCallNumber()).toBe(3);
  });

  it('sends what is too much for one step in several', async () => {
    await Promise.all(Array.from({ length: 2_500 }, (_, n) => enqueuer.enqueue('mail', { n })));
    expect(numbersOf(await waiting('mail'))).toEqual(Array.from({ length: 2_500 }, (_, n) => n));
    expect(await lastCallNumber()).toBe(3);
    const large = { text: 'x'.repeat(600_000) };
    await Promise.all([enqueuer.enqueue('large', large), enqueuer.enqueue('large', large)]);
    expect(await lastCallNumber()).toBe(5);
  });

  const lastCallNumber = async () => {
    const [key] = await test.redis.keys(`${test.namespace}:ext:producer:*`);
    return Number((await test.redis.get(key!))!.split('\n')[0]);
  };

  it('schedules for a second that is never too early', async () => {
    const { enqueueIn, enqueueAt } = bound(enqueuerWith({ clock: clockAt(1_000_000_400) }));
    expect((await enqueueIn('mail', 10, { n: 1 })).runAt).toEqual(new Date(1_000_011_000));
    expect((await enqueueIn('mail', '5m', { n: 2 })).runAt).toEqual(new Date(1_000_301_000));
    expect((await enqueueAt('mail', new Date(1_000_020_001), { n: 3 })).runAt).toEqual(new Date(1_000_021_000));
    const scores = await test.redis.zrange(test.keyspace.scheduled, 0, '-1', 'WITHSCORES');
    expect(scores.filter((_, index) => index % 2)).toEqual(['1000011', '1000021', '1000301']);
  });

  it('schedules what is due already for a second that has come', async () => {
    const { enqueueIn, enqueueAt } = bound(enqueuerWith({ clock: clockAt(1_000_000_400) }));
    expect((await enqueueIn('mail', 0, null)).runAt).toEqual(new Date(1_000_000_000));
    expect((await enqueueIn('mail', -5, null)).runAt).toEqual(new Date(999_995_000));
    expect((await enqueueAt('mail', new Date(0), null)).runAt).toEqual(new Date(0));
  });

  const bound = (of: Enqueuer) => ({ enqueueIn: of.enqueueIn.bind(of), enqueueAt: of.enqueueAt.bind(of) });

  it('lets the time of a uniqueness key go on with each duplicate, so that one left behind ends after a day', async () => {
    await enqueuer.enqueueUnique('mail', { n: 1 });
    const key = `${test.keyspace.uniquePrefix('mail')}{"n":1}\n`;
    expect(await test.redis.ttl(key)).toBe(86_400);
    await test.redis.expire(key, 500);
    expect(await enqueuer.enqueueUnique('mail', { n: 1 })).toBeNull();
    const ttl = await test.redis.ttl(key);
    expect([ttl > 0, ttl <= 500]).toEqual([true, true]);
  });

  it('fails only the callers whose queue is no list', async () => {
    await test.redis.set(test.keyspace.queue('broken'), 'no list');
    const [broken, fine] = await Promise.allSettled([enqueuer.enqueue('broken', null), enqueuer.enqueue('mail', null)]);
    expect(fine.status).toBe('fulfilled');
    expect(broken).toMatchObject({ reason: expect.any(EnqueueRefusedError) as object });
    expect((broken as PromiseRejectedResult).reason).toMatchObject({
      message: expect.stringMatching(/"broken".*WRONGTYPE/) as string,
      cause: { message: expect.stringMatching(/^WRONGTYPE/) as string },
    });
  });

  it('encodes arguments in the moment of the call', async () => {
    const args = { n: 1 };
    const call = enqueuer.enqueue('mail', args);
    args.n = 2;
    await call;
    expect(numbersOf(await waiting('mail'))).toEqual([1]);
  });

  const circular: Record<string, unknown> = {};
  circular['itself'] = circular;
  const nested = (levels: number): object => (levels === 1 ? {} : { a: nested(levels - 1) });
  it.each<[string, unknown]>([
    ['an array', [1]],
    ['text', 'hello'],
    ['undefined', undefined],
    ['NaN', { n: Number.NaN }],
    ['a bigint beyond 64 bits', { n: 2n ** 64n }],
    ['a function', { f: () => 1 }],
    ['a circle', circular],
    ['more than 1 MB', { text: 'x'.repeat(1_000_000) }],
    ['65 levels', nested(65)],
    ['a key that would pollute prototypes', JSON.parse('{"__proto__":{"admin":true}}')],
  ])('refuses %s as arguments, and writes nothing', async (_, args) => {
    await expect(enqueuer.enqueue('mail', args as object)).rejects.toThrow(InvalidArgumentsError);
    await nothingWritten();
  });

  it('refuses a key that is no object', async () => {
    await expect(enqueuer.enqueueUniqueByKey('mail', {}, null as never)).rejects.toThrow(InvalidArgumentsError);
    await nothingWritten();
  });

  it.each(['', 'a,b', 'mail:lock', 'x'.repeat(129)])('refuses the job name %j, and writes nothing', async (name) => {
    await expect(enqueuer.enqueue(name, null)).rejects.toThrow(InvalidJobNameError);
    await expect(enqueuer.enqueueMany(name, [null])).rejects.toThrow(InvalidJobNameError);
    await nothingWritten();
  });

  it('refuses a date that is none', async () => {
    await expect(enqueuer.enqueueAt('mail', new Date('never'), null)).rejects.toThrow(InvalidRunAtError);
    await expect(enqueuer.enqueueAt('mail', 5 as never, null)).rejects.toThrow(InvalidRunAtError);
    await nothingWritten();
  });

  it('asks a check first, with the arguments and with what will be stored', async () => {
    const seen: unknown[] = [];
    const checking = enqueuerWith({ check: (...given) => void seen.push(given) });
    await checking.enqueue('mail', { b: 1n, a: '<' });
    expect(seen).toEqual([['mail', { b: 1n, a: '<' }, '{"a":"\\u003c","b":1}']]);
  });

  it.each<[string, EnqueuerOptions['check']]>([
    [
      'throws',
      () => {
        throw new Error('unknown job');
      },
    ],
    ['rejects', () => Promise.reject(new Error('unknown job'))],
  ])('writes nothing where the check %s', async (_, check) => {
    await expect(enqueuerWith({ check }).enqueue('mail', {})).rejects.toThrow('unknown job');
    await expect(enqueuerWith({ check }).enqueueMany('mail', [{}])).rejects.toThrow('unknown job');
    await nothingWritten();
  });

  it('tells what Redis confirmed', async () => {
    const events: WorkEvent[] = [];
    const telling = enqueuerWith({ report: (event) => events.push(event) });
    await Promise.all([
      telling.enqueue('mail', {}),
      telling.enqueueUnique('sync', {}),
      telling.enqueueUnique('sync', {}),
    ]);
    expect(events).toEqual([
      { type: 'jobs_enqueued', jobName: 'mail', written: 1, duplicates: 0 },
      { type: 'jobs_enqueued', jobName: 'sync', written: 1, duplicates: 1 },
    ]);
  });

  describe('enqueueMany', () => {
    it('puts thousands of jobs in their order, and answers with each', async () => {
      const jobs = await enqueuer.enqueueMany(
        'mail',
        Array.from({ length: 3_500 }, (_, n) => ({ n })),
      );
      const stored = await waiting('mail');
      expect(numbersOf(stored)).toEqual(Array.from({ length: 3_500 }, (_, n) => n));
      expect(jobs.map(({ id }) => id)).toEqual(stored.map(({ id }) => id));
    });

    it('does nothing for none', async () => {
      expect(await enqueuer.enqueueMany('mail', [])).toEqual([]);
      await nothingWritten();
    });

    it('checks all of them before it writes the first, and names the wrong one', async () => {
      const args = Array.from({ length: 3_000 }, (_, n) => ({ n: n === 2_999 ? Number.NaN : n }));
      await expect(enqueuer.enqueueMany('mail', args)).rejects.toThrow(/args\[2999\]\.n/);
      await nothingWritten();
    });

    it('lets others have their turn while it encodes', async () => {
      let turns = 0;
      const turn = (): void => void ((turns += 1), (timer = setImmediate(turn)));
      let timer = setImmediate(turn);
      const turnsOfChecks: number[] = [];
      const checking = enqueuerWith({ check: () => void turnsOfChecks.push(turns) });
      await checking.enqueueMany(
        'mail',
        Array.from({ length: 20_000 }, (_, n) => ({ n, text: 'x'.repeat(500) })),
      );
      clearImmediate(timer);
      expect(new Set(turnsOfChecks).size).toBeGreaterThan(1);
    });

    it('refuses what is no array', async () => {
      await expect(enqueuer.enqueueMany('mail', { n: 1 } as never)).rejects.toThrow(InvalidArgumentsError);
    });
  });

  describe('close', () => {
    it('waits for the calls that were made, and refuses later ones', async () => {
      const many = enqueuer.enqueueMany(
        'mail',
        Array.from({ length: 2_500 }, (_, n) => ({ n })),
      );
      const one = enqueuer.enqueue('mail', { n: -1 });
      const closed = enqueuer.close();
      await expect(enqueuer.enqueue('mail', {})).rejects.toThrow(EnqueuerClosedError);
      await closed;
      expect(await test.redis.llen(test.keyspace.queue('mail'))).toBe(2_501);
      await Promise.all([many, one]);
    });

    it('can be called twice', async () => {
      await Promise.all([enqueuer.close(), enqueuer.close()]);
      await expect(enqueuer.enqueueMany('mail', [{}])).rejects.toThrow(EnqueuerClosedError);
    });
  });
});

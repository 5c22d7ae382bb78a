import { parseWithBigIntegers } from '#protocol';
import { Enqueuer } from '../../../libs/engine/enqueue/index.js';
import { describeRedis, testRedis, type TestRedis } from '../../support/index.js';
import { dumpedValue as valueOf, wireDump as dump } from '../../support/wire-dump.js';

/** The part of a job that differs from one enqueue to the next. */
const withoutIdAndTime = (job: string) => job.replace(/"id":"[0-9a-f]{24}","t":\d+/g, '"id":…,"t":…');

describeRedis('What the Enqueuer writes, beside what gocraft/work wrote', () => {
  let test: TestRedis;
  let enqueuer: Enqueuer;
  beforeEach(() => {
    test = testRedis();
    enqueuer = new Enqueuer({ redis: test.redis, keyspace: test.keyspace });
  });
  afterEach(() => test.close());

  /** Keys and bytes as they would be in Go's namespace, and without what differs each time. */
  const asGo = (text: string) => withoutIdAndTime(text.replaceAll(`${test.namespace}:`, 'w:'));
  const bytesOfList = async (job: string) => (await test.redis.lrange(test.keyspace.queue(job), 0, -1)).map(asGo);
  const argsOf = (job: string) => (parseWithBigIntegers(job) as { args: object | null }).args;

  it('is the same for plain jobs', async () => {
    const go = dump('01-plain');
    for (const name of ['basic', 'emptyargs', 'has:colon <&> é', 'nilargs']) {
      const [job] = valueOf(go, `w:jobs:${name}`);
      await enqueuer.enqueue(name, argsOf(job!));
      expect(await bytesOfList(name)).toEqual([withoutIdAndTime(job!)]);
    }
    expect((await test.redis.smembers(test.keyspace.knownJobs)).sort()).toEqual(valueOf(go, 'w:known_jobs'));
  });

  it('is the same for jobs unique by their arguments, the keys included', async () => {
    const go = dump('03-unique');
    const jobs = valueOf(go, 'w:jobs:u') as readonly string[];
    for (const job of jobs.toReversed()) {
      expect(await enqueuer.enqueueUnique('u', argsOf(job))).toMatchObject({ name: 'u' });
      expect(await enqueuer.enqueueUnique('u', argsOf(job))).toBeNull();
    }
    expect(await bytesOfList('u')).toEqual(jobs.map(withoutIdAndTime));
    for (const { key, value, ttl } of go.filter(({ key }) => key.startsWith('w:unique:u:'))) {
      const ours = key.replace('w:', `${test.namespace}:`);
      expect([await test.redis.get(ours), await test.redis.ttl(ours)]).toEqual([value, ttl]);
    }
  });

  it('is the same for jobs unique by a key: the key holds the job that came last', async () => {
    const go = dump('03-unique');
    const keyA = await enqueuer.enqueueUniqueByKey('uk', { v: 1 }, { k: 'A' });
    expect(await enqueuer.enqueueUniqueByKey('uk', { new: true, v: 2 }, { k: 'A' })).toBeNull();
    await enqueuer.enqueueUniqueByKey('uk', { v: 3 }, {});
    await enqueuer.enqueueUniqueByKey('uk', null, { k: 'B' });
    expect(await bytesOfList('uk')).toEqual((valueOf(go, 'w:jobs:uk') as string[]).map(withoutIdAndTime));
    for (const { key, value, ttl } of go.filter(({ key }) => key.startsWith('w:unique:uk:'))) {
      const ours = key.replace('w:', `${test.namespace}:`);
      expect(asGo((await test.redis.get(ours))!)).toBe(withoutIdAndTime(value as string));
      expect(await test.redis.ttl(ours)).toBe(ttl);
    }
    expect(await test.redis.get(`${test.keyspace.uniquePrefix('uk')}{"k":"A"}\n`)).not.toContain(keyA!.id);
  });

  it('is the same for scheduled jobs', async () => {
    const go = valueOf(dump('05-sched'), 'w:scheduled') as readonly string[];
    for (const [job, delay] of [
      [go[4]!, 3_600],
      [go[0]!, -5],
      [go[2]!, 0],
    ] as const) {
      await enqueuer.enqueueIn('s', delay, argsOf(job));
    }
    const ours = await test.redis.zrange(test.keyspace.scheduled, 0, '-1');
    expect(ours.map(asGo)).toEqual([go[0]!, go[2]!, go[4]!].map(withoutIdAndTime));
  });

  it('is the same for unique scheduled jobs: a duplicate changes the value, and no time', async () => {
    const go = dump('04-uniquein');
    const members = valueOf(go, 'w:scheduled') as readonly string[];
    const first = await enqueuer.enqueueUniqueIn('us', 300, { a: 1 });
    expect(await enqueuer.enqueueUniqueIn('us', 10, { a: 1 })).toBeNull();
    expect(await enqueuer.enqueueUniqueInByKey('us', 300, { v: 1 }, { k: 1 })).not.toBeNull();
    expect(await enqueuer.enqueueUniqueInByKey('us', 10, { v: 2 }, { k: 1 })).toBeNull();
    expect(await enqueuer.enqueueUnique('us', { a: 1 })).toBeNull();
    const ours = await test.redis.zrange(test.keyspace.scheduled, 0, '-1', 'WITHSCORES');
    expect(
      ours
        .filter((_, index) => index % 2 === 0)
        .map(asGo)
        .sort(),
    ).toEqual([members[0]!, members[2]!].map(withoutIdAndTime).sort());
    expect(ours).toContain(String(first!.runAt.getTime() / 1000));
    for (const { key, value } of go.filter(({ key }) => key.startsWith('w:unique:'))) {
      const stored = await test.redis.get(key.replace('w:', `${test.namespace}:`));
      expect(asGo(stored!)).toBe(withoutIdAndTime(value as string));
    }
  });
});

import { decodeJob, encodeGoJson, uniqueKey } from '#protocol';
import { claimUnique } from '#store';
import type { WorkEvent } from '../../../libs/engine/events.js';
import { JobNotStartedError } from '../../../libs/engine/run/before-start/job-not-started-error.js';
import { UniqueClaim } from '../../../libs/engine/run/before-start/unique-claim.js';
import { HeldJobInTest, jobBytes, type TestDocument } from '../../support/held-job.js';
import { describeRedis, testRedis, type TestRedis } from '../../support/index.js';

const POOL = 'pool1';

describeRedis('the claim of a unique job', () => {
  let test: TestRedis;
  let events: WorkEvent[];
  let claims: UniqueClaim;
  let list: string;

  beforeEach(() => {
    test = testRedis();
    events = [];
    const report = (event: WorkEvent) => void events.push(event);
    claims = new UniqueClaim({ redis: test.redis, keyspace: test.keyspace, report });
    list = test.keyspace.inProgress('sync', POOL);
  });
  afterEach(() => test.close());

  const keyOf = (key: object | null) => uniqueKey(test.keyspace, 'sync', key && encodeGoJson(key));

  /** A job in progress here, as its producer left it. */
  async function held(fields: TestDocument): Promise<HeldJobInTest> {
    const job = new HeldJobInTest(jobBytes({ unique: true, ...fields }), { poolId: POOL });
    await test.redis.lpush(list, job.bytes);
    return job;
  }

  const claim = (job: HeldJobInTest) => claims.claim(job, decodeJob(job.bytes));
  const inProgress = () => test.redis.lrangeBuffer(list, 0, -1);

  it('marks the entry and frees the key of a job that is unique by its arguments', async () => {
    const key = keyOf({ a: 1 });
    await test.redis.set(key, '1');
    const job = await held({ args: { a: 1 }, unique_key: key });
    const document = await claim(job);
    expect(document).toMatchObject({ args: { a: 1 }, claimed: true, unique: false, uniqueKey: undefined });
    expect(job.bytes.toString()).toBe(jobBytes({ args: { a: 1 }, _claimed: true }).toString());
    expect(await inProgress()).toEqual([job.bytes]);
    expect(await test.redis.exists(key)).toBe(0);
  });

  it('runs what a by-key enqueue has left in the key meanwhile, instead of what was queued', async () => {
    const key = keyOf({ k: 'A' });
    const newer = jobBytes({ id: 'newer', args: { v: 2 }, unique: true, unique_key: key });
    await test.redis.set(key, newer);
    const job = await held({ id: 'older', args: { v: 1 }, unique_key: key });
    expect(await claim(job)).toMatchObject({ id: 'newer', args: { v: 2 } });
    expect(await inProgress()).toEqual([job.bytes]);
    expect(job.bytes.toString()).toBe(jobBytes({ id: 'newer', args: { v: 2 }, _claimed: true }).toString());
    expect(await test.redis.exists(key)).toBe(0);
  });

  it.each<[string, () => Buffer | string]>([
    ['that cannot be decoded', () => 'not a job at all'],
    ['that is a job of another name', () => jobBytes({ name: 'export', id: 'other' })],
    ['that is no JSON of a job', () => '{"name":7}'],
    ['that is empty', () => ''],
  ])('runs what was queued where the key holds a value %s', async (_, value) => {
    const key = keyOf({ k: 'A' });
    await test.redis.set(key, value());
    const job = await held({ id: 'queued', unique_key: key });
    expect(await claim(job)).toMatchObject({ id: 'queued', claimed: true });
    expect(await test.redis.exists(key)).toBe(0);
  });

  it('marks a job whose key is gone, so that it never takes a key that is set later', async () => {
    const key = keyOf({ a: 1 });
    const job = await held({ args: { a: 1 }, unique_key: key });
    const document = await claim(job);
    expect(document.claimed).toBe(true);
    expect(UniqueClaim.isDue(document)).toBe(false);
    expect(await inProgress()).toEqual([job.bytes]);
  });

  it('leaves alone a key that another enqueue set after this job was seen to have none', async () => {
    const key = keyOf({ a: 1 });
    const job = await held({ args: { a: 1 }, unique_key: key });
    const redis = test.connect();
    const read = redis.getBuffer.bind(redis);
    redis.getBuffer = async (name: string) => {
      const value = await read(name);
      await test.redis.set(key, '1'); // the next one is enqueued between the read and the claim
      return value;
    };
    await new UniqueClaim({ redis, keyspace: test.keyspace, report: () => {} }).claim(job, decodeJob(job.bytes));
    expect(await test.redis.get(key)).toBe('1');
  });

  it('chooses anew where the value changes between the read and the claim', async () => {
    const key = keyOf({ k: 'A' });
    const version = (id: string) => jobBytes({ id, unique: true, unique_key: key });
    await test.redis.set(key, version('second'));
    const job = await held({ id: 'first', unique_key: key });
    const redis = test.connect();
    const read = redis.getBuffer.bind(redis);
    redis.getBuffer = async (name: string) => {
      const value = await read(name);
      await test.redis.set(key, version('third'));
      return value;
    };
    const racing = new UniqueClaim({ redis, keyspace: test.keyspace, report: () => {} });
    expect(await racing.claim(job, decodeJob(job.bytes))).toMatchObject({ id: 'third', claimed: true });
    expect(await inProgress()).toEqual([job.bytes]);
    expect(await test.redis.exists(key)).toBe(0);
  });

  it('keeps one entry however often a claim is repeated, and takes no key a second time', async () => {
    const key = keyOf({ a: 1 });
    await test.redis.set(key, '1');
    const { bytes } = await held({ args: { a: 1 }, unique_key: key });
    const winner = jobBytes({ args: { a: 1 }, unique: true, unique_key: key, _claimed: true });
    const value = Buffer.from('1');
    const step = { poolId: POOL, queueName: 'sync', uniqueKey: key, entry: bytes, winner, value };
    expect(await claimUnique(test.redis, test.keyspace, step)).toEqual({ kind: 'claimed' });
    await test.redis.set(key, '1'); // the next job of this key
    expect(await claimUnique(test.redis, test.keyspace, step)).toEqual({ kind: 'claimed' });
    expect(await inProgress()).toEqual([winner]);
    expect(await test.redis.get(key)).toBe('1');
  });

  it('is repeated until it is known where the reply is lost, and applied once', async () => {
    const key = keyOf({ a: 1 });
    await test.redis.set(key, '1');
    const job = await held({ args: { a: 1 }, unique_key: key });
    const redis = test.connect();
    const call = redis.callBuffer.bind(redis) as (...args: unknown[]) => Promise<unknown>;
    let calls = 0;
    redis.callBuffer = async (...args: unknown[]) => {
      calls += 1;
      const reply = await call(...args);
      if (calls === 1) throw new Error('Connection is closed.');
      return reply;
    };
    const claimsOverBadLine = new UniqueClaim({ redis, keyspace: test.keyspace, report: () => {} });
    expect(await claimsOverBadLine.claim(job, decodeJob(job.bytes))).toMatchObject({ claimed: true });
    expect(calls).toBeGreaterThan(1);
    expect(await inProgress()).toEqual([job.bytes]);
  });

  it('takes only its own entry where two of the same bytes are in progress', async () => {
    const key = keyOf({ a: 1 });
    await test.redis.set(key, '1');
    const twins = [await held({ args: { a: 1 }, unique_key: key }), await held({ args: { a: 1 }, unique_key: key })];
    await Promise.all(twins.map(claim));
    expect(await inProgress()).toEqual(twins.map(({ bytes }) => bytes));
    expect(decodeJob(twins[0]!.bytes).claimed).toBe(true);
  });

  it('says so where the pool lost the job, and touches neither key nor list', async () => {
    const key = keyOf({ a: 1 });
    await test.redis.set(key, '1');
    const job = await held({ args: { a: 1 }, unique_key: key });
    await test.redis.del(list);
    await expect(claim(job)).rejects.toThrow(JobNotStartedError);
    expect(await test.redis.get(key)).toBe('1');
    expect(await inProgress()).toEqual([]);
  });

  it('refuses a key that is not of its own type, says so, and runs the job', async () => {
    const foreign = test.keyspace.lock('export');
    await test.redis.set(foreign, '1');
    const job = await held({ id: 'job1', unique_key: foreign });
    expect(await claim(job)).toMatchObject({ id: 'job1', claimed: false });
    expect(await test.redis.get(foreign)).toBe('1');
    expect(events).toMatchObject([{ type: 'warning', code: 'WORK_FOREIGN_UNIQUE_KEY' }]);
  });

  it('does not stumble over a key that is no string', async () => {
    const key = keyOf({ a: 1 });
    await test.redis.lpush(key, 'x');
    const job = await held({ args: { a: 1 }, unique_key: key });
    expect(await claim(job)).toMatchObject({ claimed: true });
    expect(await test.redis.type(key)).toBe('list');
  });

  describe('of a document without a key, as gocraft/work 0.5.1 writes it', () => {
    it.each<[string, object | null, string]>([
      ['no arguments', null, ''],
      ['empty ones', {}, '{}\n'],
      ['characters that Go escapes', { b: 'x<y>&', a: 1 }, '{"a":1,"b":"x\\u003cy\\u003e\\u0026"}\n'],
    ])('finds it from the arguments: %s', async (_, args, keyText) => {
      const key = `${test.keyspace.prefix}unique:sync:${keyText}`;
      await test.redis.set(key, '1');
      await claim(await held({ args }));
      expect(await test.redis.exists(key)).toBe(0);
    });

    it("finds it where Go's requeuer has written the arguments anew in another order", async () => {
      const bytes = Buffer.from('{"args":{"url":"a\\/b<c","a":1},"t":1,"name":"sync","id":"j","unique":true}');
      const key = `${test.keyspace.prefix}unique:sync:{"a":1,"url":"a/b\\u003cc"}\n`;
      await test.redis.set(key, '1');
      await test.redis.lpush(list, bytes);
      await claim(new HeldJobInTest(bytes, { poolId: POOL }));
      expect(await test.redis.exists(key)).toBe(0);
    });

    it('finds it from the text as stored, in an order that no encoder would give it again', async () => {
      const bytes = Buffer.from(
        '{"name":"sync","id":"j","t":1,"args":{"n":{"z":1,"a":12345678901234567890}},"unique":true}',
      );
      const key = uniqueKey(test.keyspace, 'sync', '{"n":{"z":1,"a":12345678901234567890}}');
      await test.redis.set(key, '1');
      await test.redis.lpush(list, bytes);
      await claim(new HeldJobInTest(bytes, { poolId: POOL }));
      expect(await test.redis.exists(key)).toBe(0);
    });
  });
});

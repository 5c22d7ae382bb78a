import type { JobHandler, JobPage, WorkerPool } from '#engine';
import { spliceJob } from '#protocol';
import { waitFor } from '../support/index.js';
import { ManualClock } from '../support/manual-clock.js';
import { PoolInTest } from '../support/pool-in-test.js';
import {
  describeGo,
  failWith,
  LATER_SECONDS,
  makeDue,
  RawJson,
  UNKNOWN_IN_GO,
  untilStopped,
  type GoProducer,
  type SharedNamespace,
} from './support/index.js';

/** What a Go program enqueues, and the bytes that it writes as the job's arguments. */
const CASES: readonly (readonly [title: string, args: object, written: string | Buffer])[] = [
  [
    '64-bit integers',
    { max: 9223372036854775807n, min: -9223372036854775808n, unsigned: 18446744073709551615n },
    '{"max":9223372036854775807,"min":-9223372036854775808,"unsigned":18446744073709551615}',
  ],
  ['empty lists and objects', { list: [], nested: [[], {}, { list: [] }] }, '{"list":[],"nested":[[],{},{"list":[]}]}'],
  ['numbers with an exponent', { a: 1e-7, b: 1e21, c: 5e-324 }, '{"a":1e-7,"b":1e+21,"c":5e-324}'],
  ['all digits of a number', { pi: Math.PI, third: 1 / 3 }, '{"pi":3.141592653589793,"third":0.3333333333333333}'],
  ['negative zero', { zero: -0, list: [-0] }, '{"list":[-0],"zero":-0}'],
  ['what HTML escapes', { '<k>': '<a href="x">&' }, String.raw`{"\u003ck\u003e":"\u003ca href=\"x\"\u003e\u0026"}`],
  ['U+2028 and U+2029', { text: 'a\u2028b\u2029' }, String.raw`{"text":"a\u2028b\u2029"}`],
  ['astral characters', { '😀': '𝒜🏳️‍🌈' }, '{"😀":"𝒜🏳️‍🌈"}'],
  ['control characters', { text: '\u0000\n\r\t\u001f\u007f' }, '{"text":"\\u0000\\n\\r\\t\\u001f\u007f"}'],
  ['empty keys', { '': { '': [] }, a: '' }, '{"":{"":[]},"a":""}'],
  [
    'keys of a job',
    { t: 1, id: 'x', args: {}, err: '"}', fails: 7 },
    '{"args":{},"err":"\\"}","fails":7,"id":"x","t":1}',
  ],
  ['text that is no UTF-8', { text: Buffer.from([0xff, 0x61, 0xc3]) }, String.raw`{"text":"\ufffda\ufffd"}`],
  ['keys that are no UTF-8', new Map([[Buffer.from([0xfe]), 1]]), String.raw`{"\ufffd":1}`],
  [
    'lone surrogates, written by another encoder',
    { text: new RawJson(String.raw`"\ud800 \uDFFF \udc00\ud800"`) },
    String.raw`{"text":"\ud800 \uDFFF \udc00\ud800"}`,
  ],
  [
    'bytes that are no UTF-8, written by another encoder',
    { text: new RawJson(Buffer.from([0x22, 0xff, 0xc3, 0x28, 0xed, 0xa0, 0x80, 0x22])) },
    Buffer.concat([Buffer.from('{"text":"'), Buffer.from([0xff, 0xc3, 0x28, 0xed, 0xa0, 0x80]), Buffer.from('"}')]),
  ],
  [
    'numbers as another encoder spells them',
    { n: new RawJson('[1.50, 1E3, -0.0, 123456789012345678901234567890]') },
    '{"n":[1.50,1E3,-0.0,123456789012345678901234567890]}',
  ],
  [
    'a key twice, and escapes that are not needed',
    { o: new RawJson(String.raw`{"a": "\u0061\/", "a": 2}`) },
    String.raw`{"o":{"a":"\u0061\/","a":2}}`,
  ],
];
const ATTEMPTS = 2;

describeGo('master', 'The bytes of arguments that Go wrote', ({ shared }) => {
  const ids: string[] = [];
  let pool: WorkerPool;

  /** What was written for a job, and what stands in these entries of Redis, or came to a handler. */
  const expectAll = (entries: readonly Buffer[]) => {
    expect(entries).toHaveLength(CASES.length);
    for (const [index, [title, , written]] of CASES.entries()) {
      const entry = entries.find((bytes) => bytes.includes(`"id":"${ids[index]}"`));
      expect([title, argsOf(entry)]).toEqual([title, Buffer.from(written).toString('latin1')]);
    }
  };
  const expectRuns = async (number: number) => {
    for (const [index, [title, , written]] of CASES.entries()) {
      const run = await shared().run(ids[index]!, number);
      expect([title, run.argsBytes.toString('latin1')]).toEqual([title, Buffer.from(written).toString('latin1')]);
    }
  };

  async function enqueueAll(call: (go: GoProducer, args: object) => Promise<{ readonly id: string }>): Promise<void> {
    const go = shared().goProducer();
    const jobs = await Promise.all(CASES.map(([, args]) => call(go, args)));
    ids.splice(0, Infinity, ...jobs.map(({ id }) => id));
  }

  async function startPool(run?: JobHandler): Promise<void> {
    const type = { name: 'mail', maxFails: ATTEMPTS, backoff: () => LATER_SECONDS, run };
    pool = await shared().startOurs({ jobs: [type], concurrency: CASES.length });
  }

  it('stay the same through retry, queue, dead and queue again, and so do those that a handler gets', async () => {
    const { client } = shared();
    await enqueueAll((go, args) => go.enqueue('mail', args));
    expectAll(await queueOf(shared()));
    await startPool(failWith('"args":{}'));
    await expectRuns(1);
    expectAll(await setOf(shared(), 'retry'));
    await makeDue(shared());
    await expectRuns(2);
    expectAll(await setOf(shared(), 'dead'));
    await client.pause('mail');
    await client.retryAllDeadJobs();
    expectAll(await queueOf(shared()));
    await client.resume('mail');
    await expectRuns(3);
    expectAll(await setOf(shared(), 'retry'));
  });

  it('stay the same when a job waits for its time', async () => {
    await enqueueAll((go, args) => go.enqueueIn('mail', 0, args));
    expectAll(await setOf(shared(), 'scheduled'));
    const second = Math.floor(Date.now() / 1000);
    await waitFor('the next second, so that the move changes their time', () => Date.now() / 1000 >= second + 1);
    await shared().client.pause('mail');
    await startPool();
    expectAll(await queueOf(shared()));
    await shared().client.resume('mail');
    await expectRuns(1);
  });

  it('stay the same when a stop takes a job from its handler', async () => {
    await enqueueAll((go, args) => go.enqueue('mail', args));
    await startPool(untilStopped);
    await expectRuns(1);
    await pool.stop({ gracePeriodMs: 0 });
    expectAll(await queueOf(shared()));
  });

  it('stay the same when ours starts a unique job, which is not unique any more then', async () => {
    await enqueueAll(async (go, args) => (await go.enqueueUnique('mail', args))!);
    await startPool(untilStopped);
    await expectRuns(1);
    await pool.stop({ gracePeriodMs: 0 });
    const given = await queueOf(shared());
    expectAll(given);
    for (const entry of given) expect(entry.toString('latin1')).toMatch(/,"_claimed":true\}$/);
  });

  it('stay the same when the process that runs a job dies', async () => {
    const { redis, keyspace } = shared();
    await enqueueAll((go, args) => go.enqueue('mail', args));
    const options = { redis, keyspace, clock: new ManualClock(), types: [{ name: 'mail' }] };
    const dead = await new PoolInTest(options).register();
    await dead.hold('mail', await queueOf(shared()));
    await redis.del(keyspace.queue('mail'));
    const living = await new PoolInTest(options).register();
    await living.lookUntilReaped();
    const recovered = await queueOf(shared());
    expectAll(recovered);
    for (const entry of recovered) expect(entry.toString('latin1')).toMatch(/,"_recovered":1\}$/);
  });

  it('stay the same when an operator has a job run before its time', async () => {
    const { client } = shared();
    await enqueueAll((go, args) => go.enqueueIn('mail', LATER_SECONDS, args));
    for (const [at, id] of placesOf(await client.scheduledJobs(1, CASES.length)))
      await client.runScheduledJobNow(at, id);
    expectAll(await queueOf(shared()));
  });

  it('stay the same when an operator has a failed job run now', async () => {
    const { client } = shared();
    await enqueueAll((go, args) => go.enqueue('mail', args));
    await startPool(failWith('boom'));
    await setOf(shared(), 'retry');
    await pool.stop();
    for (const [at, id] of placesOf(await client.retryJobs(1, CASES.length))) await client.runRetryJobNow(at, id);
    expectAll(await queueOf(shared()));
  });

  it('stay the same when ours brings back what a Go pool wrongly buried', async () => {
    const { redis, keyspace, client } = shared();
    await enqueueAll((go, args) => go.enqueue('mail', args));
    for (const job of await queueOf(shared()))
      await redis.zadd(keyspace.dead, 1, spliceJob(job, { err: UNKNOWN_IN_GO, failed_at: 1 }));
    await redis.del(keyspace.queue('mail'));
    await client.pause('mail');
    await startPool();
    expect(await client.retryUnknownJobs()).toMatchObject({ retried: CASES.length });
    expectAll(await queueOf(shared()));
  });

  it('stay the same in the quarantine, and when an operator puts a job back from there', async () => {
    const { redis, keyspace, client } = shared();
    await redis.set(keyspace.queue('mail'), 'no list');
    await enqueueAll((go, args) => go.enqueueIn('mail', 0, args));
    await shared().startOurs({ jobs: [{ name: 'other' }] });
    const setAside = async () => (await client.quarantinedJobs(1, CASES.length)).entries;
    const entries = await waitFor('all of them to be set aside', async () => {
      const found = await setAside();
      return found.length === CASES.length && found;
    });
    expectAll(entries.map(({ bytes }) => bytes));
    await redis.del(keyspace.queue('mail'));
    for (const { digest } of entries) await client.putBackQuarantinedJob(digest);
    expectAll(await queueOf(shared()));
  });
});

/** When each is to run, and its id. */
function placesOf({ jobs }: JobPage): [at: number, id: string][] {
  return jobs.flatMap((entry) => (entry.kind === 'job' ? [[entry.at!, entry.job.id]] : []));
}

function argsOf(entry: Buffer | undefined): string | undefined {
  const [, args] =
    /"args":(\{.*\})(?:,"(?:fails|err|_recovered|_claimed)":|\}$)/s.exec(entry?.toString('latin1') ?? '') ?? [];
  return args;
}

/** All of them, as soon as they are there. */
function queueOf({ redis, keyspace }: SharedNamespace): Promise<Buffer[]> {
  return allOf('the queue', () => redis.lrangeBuffer(keyspace.queue('mail'), 0, -1));
}

function setOf({ redis, keyspace }: SharedNamespace, set: 'scheduled' | 'retry' | 'dead'): Promise<Buffer[]> {
  return allOf(set, () => redis.zrangeBuffer(keyspace[set], 0, '-1'));
}

function allOf(place: string, read: () => Promise<Buffer[]>): Promise<Buffer[]> {
  return waitFor(`${CASES.length} jobs in ${place}`, async () => {
    const entries = await read();
    return entries.length === CASES.length && entries;
  });
}

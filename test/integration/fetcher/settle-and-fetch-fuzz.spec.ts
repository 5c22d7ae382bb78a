import fc from 'fast-check';
import { Keyspace } from '#protocol';
import { settleAndFetch, type KnownReply, type Settle, type Settlement, type TakenJob } from '#store';
import { describeRedis, testRedis, type TestRedis } from '../../support/index.js';

const POOL = 'c1'.repeat(12);
const QUEUES = ['a', 'b'];
const JOBS_PER_QUEUE = 5;

const KEYS = [
  'lock',
  'lockInfo',
  'maxConcurrency',
  'paused',
  'queue',
  'inProgress',
  'retry',
  'dead',
  'scheduled',
  'quarantine',
  'attempts',
  'field',
  'otherField',
];

const damage = fc.array(
  fc.record({
    key: fc.constantFrom(...KEYS),
    queue: fc.constantFrom(...QUEUES),
    by: fc.constantFrom('text', 'fraction', 'huge', 'negative', 'list', 'hash', 'set', 'zset'),
  }),
  { maxLength: 4 },
);
const outcome = fc.constantFrom(
  'succeeded',
  'discarded',
  'retry',
  'dead',
  'scheduled',
  'back',
  'quarantined',
  'failed',
);
const plan = fc.record({
  limit: fc.constantFrom(undefined, '0', '1', '3', '-1', 'x', 'nan', '1.5'),
  damageBefore: damage,
  damageBetween: damage,
  outcomes: fc.array(outcome, { minLength: 10, maxLength: 10 }),
  wanted: fc.nat(10),
  seed: fc.nat(2 ** 31 - 1),
});
type Damage = typeof damage extends fc.Arbitrary<readonly (infer D)[]> ? D : never;

describeRedis('settle-and-fetch, whatever its keys hold', () => {
  let test: TestRedis;
  beforeEach(() => void (test = testRedis()));
  afterEach(() => test.close());

  it('never raises, and loses or doubles no job', async () => {
    let round = 0;
    await fc.assert(
      fc.asyncProperty(plan, async (plan) => {
        const world = new World(test, new Keyspace(`${test.namespace}:${round++}`));
        await world.prepare(plan.limit);
        await Promise.all(plan.damageBefore.map((each) => world.damage(each)));
        const first = await world.looking(() => world.call(1, plan.wanted, [], plan.seed));
        expect(first.after).toEqual(first.before);
        await Promise.all(plan.damageBetween.map((each) => world.damage(each)));
        const settles = first.reply.jobs.map((job, i) => ({
          ...job,
          settlement: settlementOf(plan.outcomes[i]!, job),
        }));
        const second = await world.looking(() => world.call(2, plan.wanted, settles, plan.seed));
        expect([...second.after, ...doneOf(settles, second.reply)].sort()).toEqual(second.before);
        const isWhole = plan.damageBefore.length + plan.damageBetween.length === 0;
        if (isWhole) expect(await world.counts()).toEqual(await world.lengths());
      }),
      { numRuns: 400 },
    );
  });
});

function settlementOf(outcome: string, { bytes }: TakenJob): Settlement {
  const attempt = { jobId: String(bytes), line: '{}' };
  switch (outcome) {
    case 'failed':
      return { kind: 'retry', score: 5, bytes, attempt };
    case 'retry':
    case 'dead':
    case 'scheduled':
      return { kind: outcome, score: 5, bytes };
    case 'quarantined':
      return { kind: outcome, entry: bytes };
    case 'back':
      return { kind: outcome };
    default:
      return { kind: outcome as 'succeeded' };
  }
}

function isJob(text: string): boolean {
  return /^[ab]\d$/.test(text);
}

/** Settled as done: these are nowhere afterwards. */
function doneOf(settles: readonly Settle[], { gone, kept }: KnownReply): string[] {
  const untouched = new Set([...gone, ...kept]);
  const isDone = (settle: Settle) => /succeeded|discarded/.test(settle.settlement.kind) && !untouched.has(settle);
  return settles
    .filter(isDone)
    .map(({ bytes }) => String(bytes))
    .filter(isJob);
}

/**
 * Sends what belongs together without waiting in between: Redis works in the order sent, and a machine with much else to do
 * needs seconds for thousands of round trips.
 */
class World {
  constructor(
    private readonly test: TestRedis,
    private readonly keyspace: Keyspace,
  ) {}

  async prepare(limit: string | undefined): Promise<void> {
    const { redis } = this.test;
    const jobs = (name: string) => Array.from({ length: JOBS_PER_QUEUE }, (_, i) => `${name}${i}`);
    await Promise.all([
      redis.sadd(this.keyspace.workerPools, POOL),
      ...QUEUES.map((name) => redis.lpush(this.keyspace.queue(name), ...jobs(name))),
      limit !== undefined && redis.set(this.keyspace.maxConcurrency('a'), limit),
    ]);
  }

  async damage({ key, queue, by }: Damage): Promise<void> {
    const { redis } = this.test;
    if (key === 'field' || key === 'otherField') {
      const value = { huge: '9223372036854775807', negative: '-3', fraction: '1.5' }[by as string] ?? 'abc';
      await redis.hset(this.keyspace.lockInfo(queue), key === 'field' ? POOL : 'other', value).catch(() => {});
      return;
    }
    const name = this.#keyOf(key, queue);
    await Promise.all([redis.del(name), this.#write(name, by)]);
  }

  async call(number: number, wanted: number, settles: readonly Settle[], seed: number) {
    const queues = QUEUES.map((name) => ({ name, priority: 1 }));
    const call = { poolId: POOL, number, wanted, ahead: Math.floor(wanted / 3), seed, queues, settles };
    const reply = await settleAndFetch(this.test.redis, this.keyspace, call);
    return reply as KnownReply;
  }

  async looking(act: () => Promise<KnownReply>) {
    const before = await this.#jobs();
    const reply = await act();
    return { before, reply, after: await this.#jobs() };
  }

  /** Lock and lock_info of each queue. */
  async counts(): Promise<unknown> {
    const { redis } = this.test;
    const lock = async (name: string) => Number(await redis.get(this.keyspace.lock(name)));
    const field = async (name: string) => Number(await redis.hget(this.keyspace.lockInfo(name), POOL));
    return await Promise.all(QUEUES.map((name) => Promise.all([lock(name), field(name)])));
  }

  /** What these should be. */
  async lengths(): Promise<unknown> {
    const length = (name: string) => this.test.redis.llen(this.keyspace.inProgress(name, POOL));
    return await Promise.all(QUEUES.map(async (name) => [await length(name), await length(name)]));
  }

  /** Those that this test enqueued, wherever they are. */
  async #jobs(): Promise<string[]> {
    const { redis } = this.test;
    const { retry, dead, scheduled, ext } = this.keyspace;
    const lists = QUEUES.flatMap((name) => [this.keyspace.queue(name), this.keyspace.inProgress(name, POOL)]);
    const found = await Promise.all([
      ...[...lists, ext.quarantine].map((list) => redis.lrange(list, 0, -1).catch(() => [])),
      ...[retry, dead, scheduled].map((set) => redis.zrange(set, '0', '-1').catch(() => [])),
    ]);
    return found.flat().filter(isJob).sort();
  }

  #keyOf(key: string, queue: string): string {
    const { keyspace } = this;
    const { retry, dead, scheduled, ext } = keyspace;
    const keys: Record<string, string> = {
      retry,
      dead,
      scheduled,
      quarantine: ext.quarantine,
      attempts: ext.attempts(`${queue}0`),
      queue: keyspace.queue(queue),
      inProgress: keyspace.inProgress(queue, POOL),
      lock: keyspace.lock(queue),
      lockInfo: keyspace.lockInfo(queue),
      paused: keyspace.paused(queue),
      maxConcurrency: keyspace.maxConcurrency(queue),
    };
    return keys[key]!;
  }

  async #write(name: string, by: Damage['by']): Promise<void> {
    const { redis } = this.test;
    if (by === 'list') await redis.rpush(name, 'x', 'y');
    else if (by === 'hash') await redis.hset(name, 'x', 'y');
    else if (by === 'set') await redis.sadd(name, 'x');
    else if (by === 'zset') await redis.zadd(name, 1, 'x');
    else await redis.set(name, { text: 'abc', fraction: '1.5', huge: '9223372036854775807', negative: '-2' }[by]);
  }
}

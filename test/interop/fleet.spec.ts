import { compiledSources, type CompiledSources } from '../support/compiled-sources.js';
import { waitFor } from '../support/index.js';
import { describeGo, Fleet, goInterop, type SharedNamespace } from './support/index.js';

/** They last for ten kills. */
const FEWEST = 4_000;
const JOBS = jobsOf(process.env['NESTJS_WORK_FLEET_JOBS'] || '50000');
/** A slow machine may do 40 a second. */
const GIVE_UP_MS = 120_000 + JOBS * 25;
const LOCKS_HEALED_MS = 60_000;
const SIDES = ['go0', 'go1', 'ours0', 'ours1'];

/** Whom a kill leaves with slots of the limited type keeps it waiting: so most jobs are of the other one. */
const jobs = [
  { name: 'free', sleepMs: 50, share: 0.8 },
  { name: 'limited', maxConcurrency: 15, sleepMs: 50, share: 0.2 },
];
/** A type that no pool of the fleet has, whose lock a Go pool has left wrong that is gone. */
const ABANDONED = 'abandoned';
const CONCURRENCY = 10;

describeGo('master', 'A mixed fleet, v0.5.1 in it too, whose processes are killed', ({ shared, programs }) => {
  /** Where v0.5.1 cannot be had, master stands in for it. */
  const versions = [programs!, (programs && goInterop('v0.5.1')) ?? programs!] as const;
  let sources: CompiledSources;
  beforeAll(async () => void (sources = await compiledSources('libs', 'test/interop/processes')), 60_000);
  afterAll(() => sources.remove());

  it(
    `runs each of ${JOBS} jobs, loses none and leaves no lock`,
    async () => {
      await enqueueAll(shared());
      await abandonLock(shared());
      const fleet = await startFleet();
      await fleet.killUntil(() => waitingIn(shared()), GIVE_UP_MS);
      await allHaveEnded(shared());
      await waitFor('the locks to be 0', async () => (await locksIn(shared())) === 0, LOCKS_HEALED_MS);
      expectKills(fleet);
      await expectEverySideTookPart(shared());
      await expectNothingLeft(shared());
      await fleet.stop();
      expect(await locksIn(shared())).toBe(0);
    },
    2 * GIVE_UP_MS + LOCKS_HEALED_MS,
  );

  function startFleet(): Promise<Fleet> {
    const pool = { jobs, concurrency: CONCURRENCY };
    return Fleet.start(shared(), { versions, sources, pool, countIn: countIn(shared()) });
  }
});

/** What was killed has come back by ours too, not by Go's reapers alone. */
function expectKills({ kills, pauses, recovered }: Fleet): void {
  expect(kills).toBeGreaterThanOrEqual(10);
  expect(pauses).toBeGreaterThan(0);
  expect(recovered).toBeGreaterThan(0);
}

/** Each pool ran jobs to their end, and kills have cut others short. */
async function expectEverySideTookPart(shared: SharedNamespace): Promise<void> {
  const ran = await ranIn(shared);
  expect(ran.cutShort).toBeGreaterThan(0);
  expect(Object.entries(ran.by).filter(([, number]) => number === 0)).toEqual([]);
}

async function expectNothingLeft({ redis, keyspace }: SharedNamespace): Promise<void> {
  expect(await redis.zcard(keyspace.dead)).toBe(0);
  expect(await redis.zcard(keyspace.retry)).toBe(0);
  expect(await redis.llen(keyspace.ext.quarantine)).toBe(0);
}

/** Each type has its share of whole jobs. */
function jobsOf(given: string): number {
  const number = Number(given);
  if (number >= FEWEST && Number.isSafeInteger(number / 5)) return number;
  throw new Error(`NESTJS_WORK_FLEET_JOBS is "${given}": it must be a multiple of 5, and at least ${FEWEST}.`);
}

async function enqueueAll({ enqueuer }: SharedNamespace): Promise<void> {
  for (const { name, share } of jobs)
    await enqueuer.enqueueMany(
      name,
      Array.from({ length: Math.round(JOBS * share) }, (_, n) => ({ n })),
    );
}

/** As its reaper leaves it, and then the pool itself, when it wakes, settles a job that is not its own any more. */
async function abandonLock({ redis, keyspace }: SharedNamespace): Promise<void> {
  await redis.sadd(keyspace.knownJobs, ABANDONED);
  await redis.set(keyspace.lock(ABANDONED), -1);
  await redis.hset(keyspace.lockInfo(ABANDONED), 'gone', -1);
}

async function allHaveEnded(shared: SharedNamespace): Promise<void> {
  await waitFor('as many ends as jobs', async () => (await endsIn(shared)) >= JOBS, GIVE_UP_MS);
  await waitFor('every job to have run', async () => (await ranIn(shared)).all === JOBS, GIVE_UP_MS);
  await waitFor('nothing in progress', async () => (await inProgressIn(shared)) === 0, GIVE_UP_MS);
}

async function waitingIn({ redis, keyspace }: SharedNamespace): Promise<number> {
  const counts = await Promise.all(jobs.map(({ name }) => redis.llen(keyspace.queue(name))));
  return counts.reduce((sum, count) => sum + count);
}

async function inProgressIn({ redis, test }: SharedNamespace): Promise<number> {
  const lists = await redis.keys(`${test.namespace}:jobs:*:inprogress`);
  const counts = await Promise.all(lists.map((list) => redis.llen(list)));
  return counts.reduce((sum, count) => sum + count, 0);
}

async function locksIn({ redis, keyspace }: SharedNamespace): Promise<number> {
  const names = [...jobs.map(({ name }) => name), ABANDONED];
  const locks = await Promise.all(names.map((name) => redis.get(keyspace.lock(name))));
  return locks.reduce((sum, lock) => sum + Math.abs(Number(lock)), 0);
}

const countIn = ({ test }: SharedNamespace) => `${test.namespace}:ran`;

/** Jobs that ran to their end on each side, those that did on two of them twice. */
async function endsIn(shared: SharedNamespace): Promise<number> {
  const counts = await Promise.all(SIDES.map((side) => shared.redis.hlen(`${countIn(shared)}:${side}:end`)));
  return counts.reduce((total, count) => total + count);
}

/** How many different jobs ran to their end, how many on each side, and how many runs a kill cut short. */
async function ranIn(shared: SharedNamespace) {
  const sides = await Promise.all(
    SIDES.map(async (side) => {
      const counts = (event: string) => shared.redis.hgetall(`${countIn(shared)}:${side}:${event}`);
      const [starts, ends] = await Promise.all([counts('start'), counts('end')]);
      return { side, ids: Object.keys(ends), starts: sum(starts), ends: sum(ends) };
    }),
  );
  const all = new Set(sides.flatMap(({ ids }) => ids)).size;
  const ends = sides.reduce((total, side) => total + side.ends, 0);
  const starts = sides.reduce((total, side) => total + side.starts, 0);
  const by = Object.fromEntries(sides.map(({ side, ids }) => [side, ids.length]));
  return { all, by, cutShort: starts - ends };
}

const sum = (counts: Readonly<Record<string, string>>) =>
  Object.values(counts).reduce((total, count) => total + Number(count), 0);

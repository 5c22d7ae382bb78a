import { compiledSources, type CompiledSources } from '../support/compiled-sources.js';
import { waitFor } from '../support/index.js';
import { describeGo, Fleet, goInterop, type SharedNamespace } from './support/index.js';

const GIVEN = process.env['NESTJS_WORK_FLEET_JOBS'];
/** They last for ten kills. */
const SHORT_FORM = 4_000;
/** `NESTJS_WORK_FLEET_JOBS=50000 npm run test:interop -- -t fleet` is the whole. */
const JOBS = jobsOf(GIVEN);
const GIVE_UP_MS = 120_000 + JOBS * 20;
const LOCKS_HEALED_MS = 60_000;
const SIDES = ['go0', 'go1', 'ours0', 'ours1'];

/** Whom a kill leaves with slots of the limited type keeps it waiting: so most jobs are of the other one. */
const jobs = [
  { name: 'free', sleepMs: 50, share: 0.8 },
  { name: 'limited', maxConcurrency: 15, sleepMs: 50, share: 0.2 },
];
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
      const startedMs = Date.now();
      await enqueueAll(shared());
      const pool = { jobs, concurrency: CONCURRENCY };
      const fleet = await Fleet.start(shared(), { versions, sources, pool, countIn: countIn(shared()) });
      await fleet.killUntil(async () => (await waitingIn(shared())) === 0, GIVE_UP_MS);
      await waitFor('as many ends as jobs', async () => (await endsIn(shared())) >= JOBS, GIVE_UP_MS);
      await waitFor('every job to have run', async () => (await ranIn(shared())).all === JOBS, GIVE_UP_MS);
      await waitFor('nothing in progress', async () => (await inProgressIn(shared())) === 0, GIVE_UP_MS);
      const drainedMs = Date.now();
      await waitFor('the locks to be 0', async () => (await locksIn(shared())) === 0, LOCKS_HEALED_MS);
      const { kills, pauses } = fleet;
      const ran = await ranIn(shared());
      const drainSeconds = Math.round((drainedMs - startedMs) / 1000);
      const locksHealedSeconds = Math.round((Date.now() - drainedMs) / 1000);
      if (GIVEN) console.log({ jobs: JOBS, ...ran, kills, pauses, drainSeconds, locksHealedSeconds });
      expect(kills).toBeGreaterThanOrEqual(10);
      expect(pauses).toBeGreaterThan(0);
      expect(ran.cutShort).toBeGreaterThan(0);
      expect(Object.entries(ran.by).filter(([, jobs]) => jobs === 0)).toEqual([]);
      const { redis, keyspace } = shared();
      expect(await redis.zcard(keyspace.dead)).toBe(0);
      expect(await redis.zcard(keyspace.retry)).toBe(0);
      expect(await redis.llen(keyspace.ext.quarantine)).toBe(0);
      await fleet.stop();
      expect(await locksIn(shared())).toBe(0);
    },
    2 * GIVE_UP_MS + LOCKS_HEALED_MS,
  );
});

/** Each type has its share of whole jobs. */
function jobsOf(given = String(SHORT_FORM)): number {
  const number = Number(given);
  if (number >= SHORT_FORM && Number.isSafeInteger(number / 5)) return number;
  throw new Error(`NESTJS_WORK_FLEET_JOBS is "${given}": it must be a multiple of 5, and at least ${SHORT_FORM}.`);
}

async function enqueueAll({ enqueuer }: SharedNamespace): Promise<void> {
  for (const { name, share } of jobs)
    await enqueuer.enqueueMany(
      name,
      Array.from({ length: Math.round(JOBS * share) }, (_, n) => ({ n })),
    );
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
  const locks = await Promise.all(jobs.map(({ name }) => redis.get(keyspace.lock(name))));
  return locks.reduce((sum, lock) => sum + Math.abs(Number(lock)), 0);
}

const countIn = ({ test }: SharedNamespace) => `${test.namespace}:ran`;

/** Jobs that ran to their end on each side, those that did on two of them twice. */
async function endsIn(shared: SharedNamespace): Promise<number> {
  const counts = await Promise.all(SIDES.map((side) => shared.redis.hlen(`${countIn(shared)}:${side}:end`)));
  return counts.reduce((total, count) => total + count);
}

/** How many different jobs ran to their end, how many on each side, how many twice, and how many runs a kill cut short. */
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
  return { all, by, twice: ends - all, cutShort: starts - ends };
}

const sum = (counts: Readonly<Record<string, string>>) =>
  Object.values(counts).reduce((total, count) => total + Number(count), 0);

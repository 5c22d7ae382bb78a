import { compiledSources, type CompiledSources } from '../support/compiled-sources.js';
import { waitFor } from '../support/index.js';
import { describeGo, type GoWorker, type OurWorker, type SharedNamespace } from './support/index.js';

/** A short form by default: `NESTJS_WORK_FLEET_JOBS=50000 npm run test:interop -- -t fleet` is the whole. */
const JOBS = Number(process.env['NESTJS_WORK_FLEET_JOBS'] ?? 4_000);
const GIVE_UP_MS = 120_000 + JOBS * 20;
const KILL_EVERY_MS = 1_000;
/** After every tenth kill, so that the dead are found. */
const PAUSE = { afterKills: 10, ms: 15_000 };
const LOCKS_HEALED_MS = 90_000;

/** Whom a kill leaves with slots of the limited type keeps it waiting: so most jobs are of the other one. */
const jobs = [
  { name: 'free', sleepMs: 50, share: 0.8 },
  { name: 'limited', maxConcurrency: 15, sleepMs: 50, share: 0.2 },
];
const CONCURRENCY = 10;

describeGo('master', 'A mixed fleet whose processes are killed', ({ shared }) => {
  let sources: CompiledSources;
  beforeAll(async () => void (sources = await compiledSources('libs', 'test/interop/processes')), 60_000);
  afterAll(() => sources.remove());

  it(
    `runs each of ${JOBS} jobs, loses none and leaves no lock`,
    async () => {
      const startedMs = Date.now();
      await enqueueAll(shared());
      const fleet = await Fleet.start(shared(), sources);
      await fleet.killUntil(async () => (await waitingIn(shared())) === 0);
      await waitFor('as many ends as jobs', async () => (await endsIn(shared())) >= JOBS, GIVE_UP_MS);
      await waitFor('every job to have run', async () => (await ranIn(shared())).all === JOBS, GIVE_UP_MS);
      await waitFor('nothing in progress', async () => (await inProgressIn(shared())) === 0, GIVE_UP_MS);
      const drainedMs = Date.now();
      await waitFor('the locks to be 0', async () => (await locksIn(shared())) === 0, LOCKS_HEALED_MS);
      const ran = await ranIn(shared());
      console.log({
        jobs: JOBS,
        ranIn: { go: ran.go, ours: ran.ours },
        cutShort: ran.cutShort,
        ranTwice: ran.twice,
        kills: fleet.kills,
        drainSeconds: Math.round((drainedMs - startedMs) / 1000),
        locksHealedSeconds: Math.round((Date.now() - drainedMs) / 1000),
      });
      expect(ran.cutShort).toBeGreaterThan(0);
      expect(Math.min(ran.go, ran.ours)).toBeGreaterThan(0);
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

/** Two pools of each side; one of each is killed and started anew in turn. */
class Fleet {
  kills = 0;
  private constructor(
    private readonly shared: SharedNamespace,
    private readonly sources: CompiledSources,
    private readonly go: GoWorker[],
    private readonly ours: OurWorker[],
  ) {}

  static async start(shared: SharedNamespace, sources: CompiledSources): Promise<Fleet> {
    const fleet = new Fleet(shared, sources, [], []);
    await Promise.all([0, 1].map((place) => fleet.#fill(place)));
    return fleet;
  }

  async killUntil(isOver: () => Promise<boolean>): Promise<void> {
    for (const deadlineMs = Date.now() + GIVE_UP_MS; Date.now() < deadlineMs;) {
      await pause(KILL_EVERY_MS);
      if (await isOver()) return;
      const place = this.kills % 2;
      await Promise.all([this.go[place]!.kill(), this.ours[place]!.kill()]);
      this.kills += 1;
      await this.#fill(place);
      if (this.kills % PAUSE.afterKills === 0) await pause(PAUSE.ms);
    }
  }

  async stop(): Promise<void> {
    await Promise.all([...this.go, ...this.ours].map((worker) => worker.stop()));
  }

  async #fill(place: number): Promise<void> {
    const options = (countIn: string) => ({ jobs, concurrency: CONCURRENCY, countIn });
    const { namespace } = this.shared.test;
    const [go, ours] = await Promise.all([
      this.shared.goPool(options(`${namespace}:ran:go`)),
      this.shared.ourWorker(this.sources, options(`${namespace}:ran:ours`)),
    ]);
    this.go[place] = go;
    this.ours[place] = ours;
  }
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function enqueueAll({ enqueuer }: SharedNamespace): Promise<void> {
  for (const { name, share } of jobs)
    await enqueuer.enqueueMany(
      name,
      Array.from({ length: JOBS * share }, (_, n) => ({ n })),
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

/** Jobs that ran to their end on each side, those that did on both twice. */
async function endsIn({ redis, test }: SharedNamespace): Promise<number> {
  const counts = await Promise.all(['go', 'ours'].map((side) => redis.hlen(`${test.namespace}:ran:${side}:end`)));
  return counts.reduce((total, count) => total + count);
}

/** How many different jobs ran to their end, how many on each side, how many twice, and how many runs a kill cut short. */
async function ranIn(shared: SharedNamespace) {
  const counts = (side: string, event: string) => shared.redis.hvals(`${shared.test.namespace}:ran:${side}:${event}`);
  const ids = (side: string) => shared.redis.hkeys(`${shared.test.namespace}:ran:${side}:end`);
  const [go, ours, goStarts, ourStarts, goEnds, ourEnds] = await Promise.all([
    ids('go'),
    ids('ours'),
    ...['start', 'end'].flatMap((event) => [counts('go', event), counts('ours', event)]),
  ]);
  const all = new Set([...go, ...ours]).size;
  const ends = sum([...goEnds!, ...ourEnds!]);
  return {
    all,
    twice: ends - all,
    cutShort: sum([...goStarts!, ...ourStarts!]) - ends,
    go: go.length,
    ours: ours.length,
  };
}

const sum = (counts: readonly string[]) => counts.reduce((total, count) => total + Number(count), 0);

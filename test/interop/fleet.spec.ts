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

const jobs = [
  { name: 'free', sleepMs: 20 },
  { name: 'limited', maxConcurrency: 15, sleepMs: 20 },
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
      await waitFor('every job to have run', async () => (await ranIn(shared())).all === JOBS, GIVE_UP_MS);
      await waitFor('nothing in progress', async () => (await inProgressIn(shared())) === 0, GIVE_UP_MS);
      const drainedMs = Date.now();
      await waitFor('the locks to be 0', async () => (await locksIn(shared())) === 0, LOCKS_HEALED_MS);
      const ran = await ranIn(shared());
      console.log({
        jobs: JOBS,
        ranIn: { go: ran.go, ours: ran.ours },
        ranTwice: ran.twice,
        kills: fleet.kills,
        drainSeconds: Math.round((drainedMs - startedMs) / 1000),
        locksHealedSeconds: Math.round((Date.now() - drainedMs) / 1000),
      });
      expect(fleet.kills).toBeGreaterThan(0);
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

/** Half of them by each side's producer would be a tenth as fast: Go's enqueues one at a time. */
async function enqueueAll({ enqueuer }: SharedNamespace): Promise<void> {
  const half = Array.from({ length: JOBS / 2 }, (_, n) => ({ n }));
  for (const { name } of jobs) await enqueuer.enqueueMany(name, half);
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

/** How many different jobs ran, and how many on each side. */
async function ranIn({ redis, test }: SharedNamespace) {
  const [go, ours] = await Promise.all(['go', 'ours'].map((side) => redis.hgetall(`${test.namespace}:ran:${side}`)));
  const times = new Map<string, number>();
  for (const [id, count] of [...Object.entries(go!), ...Object.entries(ours!)])
    times.set(id, (times.get(id) ?? 0) + Number(count));
  return {
    all: times.size,
    twice: [...times.values()].filter((count) => count > 1).length,
    go: Object.keys(go!).length,
    ours: Object.keys(ours!).length,
  };
}

import { waitFor } from '../support/index.js';
import { describeEachGo, type GoRun, type SharedNamespace } from './support/index.js';

const LIMIT = 3;
/** So many runs of each pool must have been seen. */
const SHARE = 20;
const NAMES = ['limited', 'free'];

describeEachGo('A pause', ({ shared }) => {
  it('through ours stops a Go pool before its next job, and nothing else in it', async () => {
    const { client, enqueuer } = shared();
    const first = await enqueuer.enqueue('mail', null);
    const go = await shared().goPool({ jobs: [{ name: 'mail', wait: true }, { name: 'report' }], concurrency: 2 });
    await go.started(first.id);
    expect(await client.pause('mail')).toBe(true);
    const second = await enqueuer.enqueue('mail', null);
    const report = await enqueuer.enqueue('report', null);
    go.end(first.id);
    await go.drain();
    expect(go.starts.map(({ name }) => name)).toEqual(['mail', 'report']);
    expect(go.ends.map(({ id }) => id).sort()).toEqual([first.id, report.id].sort());
    expect((await client.waitingJobs('mail')).count).toBe(1);
    expect(await client.resume('mail')).toBe(true);
    const drained = go.drain();
    await go.started(second.id);
    go.end(second.id);
    await drained;
  });

  it('that an operator of Go has set stops ours, which shows it', async () => {
    const { client, enqueuer, redis, test } = shared();
    await redis.set(`${test.namespace}:jobs:mail:paused`, '1');
    expect(await client.isPaused('mail')).toBe(true);
    const pool = shared()
      .ourPool()
      .job('mail', {}, () => undefined)
      .job('report', {}, () => undefined);
    await pool.start();
    const { id } = await enqueuer.enqueue('mail', null);
    await shared().run((await enqueuer.enqueue('report', null)).id);
    await pool.drain();
    expect(shared().runs.map(({ name }) => name)).toEqual(['report']);
    await redis.del(`${test.namespace}:jobs:mail:paused`);
    await shared().run(id);
  });
});

describeEachGo('A limit of 3', ({ shared }) => {
  const work = () => new Promise((resolve) => setTimeout(resolve, 2));

  /** Its other job, which has no limit, has it let go of the limited one now and then. */
  function ourLimitedPool(runs: Run[]) {
    const run = async () => {
      const startMs = Date.now();
      await work();
      runs.push({ startMs, endMs: Date.now() });
    };
    return shared().ourPool({ concurrency: 5 }).job('limited', { maxConcurrency: LIMIT }, run).job('free', {}, work);
  }

  /** So that there is always something to do; `clear` ends it. */
  async function topUp(): Promise<void> {
    const { redis, keyspace, enqueuer } = shared();
    for (const name of NAMES)
      if ((await redis.llen(keyspace.queue(name))) < 100) await enqueuer.enqueueMany(name, Array(200).fill(null));
  }

  async function clear(): Promise<void> {
    const { redis, keyspace } = shared();
    await redis.del(...NAMES.map((name) => keyspace.queue(name)));
  }

  it('holds over a Go pool and two of ours at every instant', async () => {
    const jobs = [
      { name: 'limited', maxConcurrency: LIMIT, sleepMs: 2 },
      { name: 'free', sleepMs: 2 },
    ];
    const go = await shared().goPool({ jobs, concurrency: 5 });
    const ours: readonly Run[][] = [[], []];
    const pools = ours.map(ourLimitedPool);
    for (const pool of pools) await pool.start();
    const poolIds = [go.poolId, ...pools.map(({ poolId }) => poolId)];
    const seen: InstantCounts[] = [];
    const hasHadItsShare = (runs: readonly Run[]) => runs.length >= SHARE;

    await waitFor('each pool to have run some', async () => {
      await topUp();
      seen.push(await countsOf(shared(), poolIds));
      return [runsOf(go.runs), ...ours].every(hasHadItsShare);
    });
    await clear();
    await Promise.all([go.stop(), ...pools.map((pool) => pool.stop())]);
    expect(Math.max(...seen.map(({ inProgress }) => inProgress))).toBe(LIMIT);
    expect(Math.max(...seen.map(({ lock }) => lock))).toBe(LIMIT);
    expect(mostAtOnce([...runsOf(go.runs), ...ours.flat()])).toBe(LIMIT);
    expect(await countsOf(shared(), poolIds)).toEqual({ inProgress: 0, lock: 0 });
  });
});

interface Run {
  readonly startMs: number;
  readonly endMs: number;
}

/** Of the limited job. */
interface InstantCounts {
  readonly inProgress: number;
  /** How many run by Redis' own count. */
  readonly lock: number;
}

async function countsOf({ redis, keyspace }: SharedNamespace, poolIds: readonly string[]): Promise<InstantCounts> {
  const lists = poolIds.map((poolId) => keyspace.inProgress('limited', poolId));
  const script = `local lengths = {}
    for i = 2, #KEYS do lengths[i - 1] = redis.call('LLEN', KEYS[i]) end
    return { tonumber(redis.call('GET', KEYS[1]) or 0), unpack(lengths) }`;
  const reply = await redis.eval(script, lists.length + 1, keyspace.lock('limited'), ...lists);
  const [lock, ...inProgress] = reply as [number, ...number[]];
  return { inProgress: inProgress.reduce((sum, length) => sum + length, 0), lock };
}

function runsOf(runs: readonly GoRun[]): Run[] {
  const limited = runs.filter(({ name }) => name === 'limited');
  const starts = new Map(limited.filter(({ event }) => event === 'start').map(({ id, atMs }) => [id, atMs]));
  return limited.flatMap(({ event, id, atMs }) => (event === 'end' ? [{ startMs: starts.get(id)!, endMs: atMs }] : []));
}

/** What ends in a millisecond has ended before what starts in it. */
function mostAtOnce(runs: readonly Run[]): number {
  const changes = runs.flatMap(({ startMs, endMs }) => [
    { atMs: startMs, by: 1 },
    { atMs: endMs, by: -1 },
  ]);
  changes.sort((a, b) => a.atMs - b.atMs || a.by - b.by);
  let [now, most] = [0, 0];
  for (const { by } of changes) most = Math.max(most, (now += by));
  return most;
}

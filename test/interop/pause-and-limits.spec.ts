import type { JobRun, WorkerPool } from '#engine';
import { waitFor } from '../support/index.js';
import {
  describeEachGo,
  describeEachGoAlone,
  RunRecord,
  type RecordedEvent,
  type SharedNamespace,
} from './support/index.js';

const LIMIT = 3;
const WORK_MS = 2;
/** So many runs of each pool must have been seen. */
const SHARE = 300;
const NAMES = ['limited', 'free'];
/** On a machine that is busy. */
const TEST_MS = 120_000;

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
    const pool = await shared().startOurs({ jobs: [{ name: 'mail' }, { name: 'report' }] });
    const { id } = await enqueuer.enqueue('mail', null);
    await shared().run((await enqueuer.enqueue('report', null)).id);
    await pool.drain();
    expect(shared().runs.map(({ name }) => name)).toEqual(['report']);
    await redis.del(`${test.namespace}:jobs:mail:paused`);
    await shared().run(id);
  });
});

describeEachGoAlone('A limit of 3', ({ shared }) => {
  let record: RunRecord;
  let limited: Set<string>;
  beforeEach(async () => {
    record = await RunRecord.begin(shared().redis, `${shared().test.namespace}:ran:`);
    limited = new Set();
  });
  afterEach(() => record.close());

  const sides = () => ['go', 'ours1', 'ours2'].map((side) => `${shared().test.namespace}:ran:${side}`);

  /** Its other job, which has no limit, has it let go of the limited one now and then. */
  function startOurs(countIn: string): Promise<WorkerPool> {
    const run = async ({ id }: JobRun) => {
      await shared().redis.hincrby(`${countIn}:start`, id, 1);
      await new Promise((resolve) => setTimeout(resolve, WORK_MS));
      await shared().redis.hincrby(`${countIn}:end`, id, 1);
    };
    const jobs = [
      { name: 'limited', maxConcurrency: LIMIT, run },
      { name: 'free', run },
    ];
    return shared().startOurs({ concurrency: 5, jobs });
  }

  /** So that there is always something to do; `clear` ends it. */
  async function topUp(): Promise<void> {
    const { redis, keyspace, enqueuer } = shared();
    for (const name of NAMES) {
      if ((await redis.llen(keyspace.queue(name))) >= 100) continue;
      const jobs = await enqueuer.enqueueMany(name, Array(200).fill(null));
      if (name === 'limited') for (const { id } of jobs) limited.add(id);
    }
  }

  async function clear(): Promise<void> {
    const { redis, keyspace } = shared();
    await redis.del(...NAMES.map((name) => keyspace.queue(name)));
  }

  it(
    'holds over a Go pool and two of ours at every instant',
    async () => {
      const [goCounts, ...ourCounts] = sides();
      const jobs = [
        { name: 'limited', maxConcurrency: LIMIT, sleepMs: WORK_MS },
        { name: 'free', sleepMs: WORK_MS },
      ];
      const go = await shared().goPool({ jobs, concurrency: 5, countIn: goCounts! });
      const pools = await Promise.all(ourCounts.map(startOurs));
      const poolIds = [go.poolId, ...pools.map(({ poolId }) => poolId)];
      const seen: InstantCounts[] = [];

      await waitFor(
        'each pool to have run some',
        async () => {
          await topUp();
          seen.push(await countsOf(shared(), poolIds));
          const ends = record.events.filter(({ event, id }) => event === 'end' && limited.has(id));
          return sides().every((side) => ends.filter(({ countIn }) => countIn === side).length >= SHARE);
        },
        TEST_MS,
      );
      await clear();
      await Promise.all([go.stop(), ...pools.map((pool) => pool.stop())]);
      const running = runningAt((await record.whole()).filter(({ id }) => limited.has(id)));
      expect(Math.max(...running.map(({ size }) => size))).toBe(LIMIT);
      expect(running.at(-1)!.size).toBe(0);
      for (const side of sides()) {
        const besides = running.filter((runs) => [...runs.values()].includes(side) && new Set(runs.values()).size > 1);
        expect([side, besides.length > 0]).toEqual([side, true]);
      }
      expect(Math.max(...seen.map(({ inProgress }) => inProgress))).toBe(LIMIT);
      expect(Math.max(...seen.map(({ lock }) => lock))).toBe(LIMIT);
      expect(await countsOf(shared(), poolIds)).toEqual({ inProgress: 0, lock: 0 });
    },
    TEST_MS,
  );
});

/** Which jobs run where after each start and each end. */
function runningAt(events: readonly RecordedEvent[]): ReadonlyMap<string, string>[] {
  const running = new Map<string, string>();
  return events.map(({ event, countIn, id }) => {
    if (event === 'end') running.delete(id);
    else running.set(id, countIn);
    return new Map(running);
  });
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

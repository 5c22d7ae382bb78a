import { decodeJob } from '#protocol';
import { waitFor } from '../support/index.js';
import { describeEachGo, HORIZON_SECONDS, seconds, type GoWorker, type SharedNamespace } from './support/index.js';

/** Six fields, which both dialects read alike. */
const SPEC = '* * * * * *';
/** So many each pool runs. */
const TURNS = 3;
/** Idle workers of v0.5.1 look every 5 s. */
const RUN_MS = 30_000;
const TEST_MS = 120_000;
const jobs = [{ name: 'sweep' }];
const periodic = [{ spec: SPEC, name: 'sweep' }];

describeEachGo('A periodic job that both declare', ({ shared }) => {
  /** Both pools run one job at a time, which ends when the test says so: while one is busy, the other has to take the next. */
  it(
    'runs once at each of its times, whoever puts it up and whoever runs it',
    async () => {
      const go = await shared().goPool({ jobs: [{ name: 'sweep', wait: true }], periodic, concurrency: 1 });
      const lastOfGo = await lastPutUpByGo();
      await waitFor('a run in Go', () => go.starts.length === 1, RUN_MS);
      await waitFor('a pass to reach further', () => seconds() + HORIZON_SECONDS > lastOfGo + 1);
      const held = new HeldRuns();
      const pool = await shared().startOurs({ jobs: [{ name: 'sweep', run: held.run }], periodic, concurrency: 1 });
      await waitFor('what ours alone puts up', async () => (await lastTick(shared())) > lastOfGo);
      await waitFor('a run in ours', () => shared().runs.length === 1, RUN_MS);
      for (let turn = 2; turn <= TURNS; turn += 1) {
        go.end(go.starts.at(-1)!.id);
        await waitFor('the next run in Go', () => go.starts.length === turn, RUN_MS);
        held.endOne();
        await waitFor('the next run in ours', () => shared().runs.length === turn, RUN_MS);
      }

      const ran = ticksOf(shared(), go).sort((a, b) => a - b);
      expect(ran).toEqual(Array.from({ length: 2 * TURNS }, (_, index) => ran[0]! + index));
      const all = [...ran, ...(await ticksAhead(shared()))];
      expect(all.length).toBeGreaterThan(HORIZON_SECONDS / 2);
      expect(new Set(all).size).toBe(all.length);
      await go.kill();
      held.endOne();
      await pool.stop();
    },
    TEST_MS,
  );

  it('is the same bytes from both, so that each time waits once: Go comes first', async () => {
    const ofGo = await putUpByGo('0 */2 * * * *');
    expect(await putUpByOurs('0 */2 * * * *')).toContain(ofGo.at(-1));
  });

  it('is the same bytes from both, so that each time waits once: ours comes first', async () => {
    const ofOurs = await putUpByOurs('0 */2 * * * *');
    expect(await putUpByGo('0 */2 * * * *')).toContain(ofOurs.at(-1));
  });

  it('is two jobs where ours alone is told its time zone, which is part of what is written', async () => {
    const ofGo = (await putUpByGo('0 */2 * * * *')).at(-1)!;
    const ofOurs = await putUpByOurs('0 */2 * * * *', 'UTC');
    expect(ofOurs).toContain(ofGo.replace('sweep:', 'sweep:CRON_TZ=UTC '));
    expect(ofOurs).not.toContain(ofGo);
  });

  /** When what Go has put up ends, as long as nobody else has. */
  async function lastPutUpByGo(): Promise<number> {
    await waitFor('the pass of Go', () => shared().redis.get(shared().keyspace.lastPeriodicEnqueue));
    const last = await lastTick(shared());
    expect(last).toBeGreaterThan(seconds() + HORIZON_SECONDS / 2);
    return last;
  }

  /** All that its first pass puts up, where nothing was; the last of it is not due for a minute or two. */
  async function putUpByGo(spec: string): Promise<readonly string[]> {
    const { redis, keyspace } = shared();
    await redis.del(keyspace.scheduled, keyspace.lastPeriodicEnqueue); // by which Go knows that there was a pass
    const go = await shared().goPool({ jobs, periodic: [{ spec, name: 'sweep' }] });
    await waitFor('the pass of Go', () => redis.get(keyspace.lastPeriodicEnqueue));
    await go.stop();
    return await redis.zrange(keyspace.scheduled, 0, '-1');
  }

  async function putUpByOurs(spec: string, timezone?: string): Promise<readonly string[]> {
    const { redis, keyspace } = shared();
    await redis.del(keyspace.scheduled);
    const pool = await shared().startOurs({ jobs, periodic: [{ spec, name: 'sweep', timezone }] });
    await waitFor('the pass of ours', async () => (await redis.exists(keyspace.scheduled)) === 1);
    await pool.stop();
    return await redis.zrange(keyspace.scheduled, 0, '-1');
  }
});

/** Runs in a pool of ours that end one after the other, as they are told. */
class HeldRuns {
  readonly #ends: (() => void)[] = [];

  readonly run = () => new Promise<void>((resolve) => void this.#ends.push(resolve));

  endOne(): void {
    this.#ends.shift()!();
  }
}

/** A process whose clock is late puts a time that was over back into the scheduled set. */
describeEachGo('A tick that is put back by a late clock after it ran', ({ shared }) => {
  let at: number;
  let tick: string;
  beforeEach(() => {
    at = Math.floor(Date.now() / 1000);
    tick = JSON.stringify({ name: 'sweep', id: `periodic:sweep:${SPEC}:${at}`, t: at, args: null });
  });
  const putBack = () => shared().redis.zadd(shared().keyspace.scheduled, at, tick);
  const times = (go?: GoWorker) => ticksOf(shared(), go).length;
  const isMoved = () =>
    waitFor('it to be moved', async () => !(await shared().redis.exists(shared().keyspace.scheduled)));

  it('runs once where ours moves it both times', async () => {
    await putBack();
    const pool = await shared().startOurs({ jobs });
    await waitFor('its run', () => times() === 1);
    await putBack();
    await isMoved();
    await pool.drain();
    expect(times()).toBe(1);
  });

  it('runs twice where a Go pool moves it both times', async () => {
    await putBack();
    const go = await shared().goPool({ jobs });
    await waitFor('its run', () => times(go) === 1);
    await putBack();
    await waitFor('its second run', () => times(go) === 2);
  });

  it('runs twice where a Go pool moved it before ours does, since Go leaves no mark of it', async () => {
    await putBack();
    const go = await shared().goPool({ jobs });
    await waitFor('its run', () => times(go) === 1);
    await go.stop();
    await putBack();
    await shared().startOurs({ jobs });
    await waitFor('its second run', () => times(go) === 2);
  });

  it('runs twice where a Go pool moves it after ours did, since Go looks for no mark', async () => {
    await putBack();
    const pool = await shared().startOurs({ jobs });
    await waitFor('its run', () => times() === 1);
    await pool.stop();
    await putBack();
    const go = await shared().goPool({ jobs });
    await waitFor('its second run', () => times(go) === 2);
  });
});

/** The last time that is put up. */
async function lastTick({ redis, keyspace }: SharedNamespace): Promise<number> {
  return Number((await redis.zrange(keyspace.scheduled, '-1', '-1', 'WITHSCORES'))[1]);
}

/** The times of all runs on both sides. */
function ticksOf({ runs }: SharedNamespace, go?: GoWorker): number[] {
  return [...(go?.starts ?? []), ...runs].map(tickOf);
}

/** Those that have not begun. The queue first: one that moves meanwhile is not seen twice. */
async function ticksAhead({ redis, keyspace }: SharedNamespace): Promise<number[]> {
  const queued = await redis.lrangeBuffer(keyspace.queue('sweep'), 0, -1);
  const scheduled = await redis.zrangeBuffer(keyspace.scheduled, 0, '-1');
  return [...queued, ...scheduled].map((bytes) => tickOf(decodeJob(bytes)));
}

function tickOf({ id }: { readonly id: string }): number {
  return Number(id.slice(id.lastIndexOf(':') + 1));
}

import { waitFor } from '../support/index.js';
import { describeEachGo, seconds, type GoWorker, type SharedNamespace } from './support/index.js';

/** Six fields, which both dialects read alike. */
const SPEC = '* * * * * *';
const TICKS = 5;
/** How far ahead a pass of either puts them up. */
const HORIZON_SECONDS = 240;
const jobs = [{ name: 'sweep' }];

describeEachGo('A periodic job that both declare', ({ shared }) => {
  it('runs once at each of its times, whoever puts it up and whoever runs it', async () => {
    const go = await shared().goPool({ jobs, periodic: [{ spec: SPEC, name: 'sweep' }] });
    await waitFor('the pass of Go', () => shared().redis.get(shared().keyspace.lastPeriodicEnqueue));
    const lastOfGo = await lastTick(shared());
    expect(lastOfGo).toBeGreaterThan(seconds() + HORIZON_SECONDS / 2);
    await waitFor('a pass to reach further', () => seconds() + HORIZON_SECONDS > lastOfGo + 1);
    const pool = shared()
      .ourPool()
      .job('sweep', {}, () => undefined)
      .periodicallyEnqueue(SPEC, 'sweep');
    await pool.start();
    await waitFor('what ours alone puts up', async () => (await lastTick(shared())) > lastOfGo);
    const ticks = () => ticksOf(shared(), go);
    await waitFor(`${TICKS} ticks`, () => ticks().length >= TICKS, 30_000);
    await Promise.all([go.stop(), pool.stop()]);

    const ran = ticks().sort((a, b) => a - b);
    const times = ran.map((_, index) => ran[0]! + index);
    expect(ran).toEqual(times);
  });

  it('is the same bytes from both, so that each time waits once', async () => {
    const [ofGo, ofOurs] = await waitingTicks('0 */2 * * * *', undefined);
    expect(ofOurs).toContain(ofGo);
  });

  it('is two jobs where ours alone is told its time zone, which is part of what is written', async () => {
    const [ofGo, ofOurs] = await waitingTicks('0 */2 * * * *', 'UTC');
    expect(ofOurs).toContain(ofGo.replace('sweep:', 'sweep:CRON_TZ=UTC '));
    expect(ofOurs).not.toContain(ofGo);
  });

  /** The last tick that Go puts there, and all that ours puts there after it. */
  async function waitingTicks(spec: string, timezone: string | undefined): Promise<[string, readonly string[]]> {
    const { redis, keyspace } = shared();
    await shared().goPool({ jobs, periodic: [{ spec, name: 'sweep' }] });
    await waitFor('the pass of Go', () => redis.get(keyspace.lastPeriodicEnqueue));
    const [ofGo] = await redis.zrange(keyspace.scheduled, '-1', '-1');
    await redis.del(keyspace.scheduled);
    const pool = shared()
      .ourPool()
      .job('sweep', {}, () => undefined)
      .periodicallyEnqueue(spec, 'sweep', { timezone });
    await pool.start();
    await waitFor('the pass of ours', async () => (await redis.exists(keyspace.scheduled)) === 1);
    return [ofGo!, await redis.zrange(keyspace.scheduled, 0, '-1')];
  }
});

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

  async function startOurs() {
    const pool = shared()
      .ourPool()
      .job('sweep', {}, () => undefined);
    await pool.start();
    return pool;
  }

  it('runs once where ours moves it both times', async () => {
    await putBack();
    const pool = await startOurs();
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
    await startOurs();
    await waitFor('its second run', () => times(go) === 2);
  });

  it('runs twice where a Go pool moves it after ours did, since Go looks for no mark', async () => {
    await putBack();
    const pool = await startOurs();
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
  const ids = (go?.starts ?? []).map(({ id }) => id);
  return [...ids, ...runs.map(({ id }) => id)].map((id) => Number(id.slice(id.lastIndexOf(':') + 1)));
}

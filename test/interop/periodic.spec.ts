import { PeriodicSpec } from '#protocol';
import { waitFor } from '../support/index.js';
import { describeEachGo, type GoWorker, type SharedNamespace } from './support/index.js';

/** Six fields, which both dialects read alike. */
const SPEC = '*/2 * * * * *';
const EVERY_SECONDS = 2;
const TICKS = 4;
/** Fires at no time that a test sees. */
const NEVER_NOW = '0 0 0 29 2 *';
const jobs = [{ name: 'sweep' }];

describeEachGo('A periodic job that both declare', ({ shared }) => {
  it('runs once at each of its times, whoever runs it', async () => {
    const go = await shared().goPool({ jobs, periodic: [{ spec: SPEC, name: 'sweep' }] });
    const pool = shared()
      .ourPool()
      .job('sweep', {}, () => undefined)
      .periodic(SPEC, 'sweep', { timezone: 'UTC' });
    await pool.start();
    const ticks = () => ticksOf(shared(), go);
    await waitFor(`${TICKS} ticks`, () => ticks().length >= TICKS + 1, 30_000);
    await Promise.all([go.stop(), pool.stop()]);

    const ran = ticks().sort((a, b) => a - b);
    const times = ran.map((_, index) => ran[0]! + index * EVERY_SECONDS);
    expect(ran).toEqual(times);
    expect(ran[0]! % EVERY_SECONDS).toBe(0);
  });

  it('is the same bytes from both, so that each time waits once', async () => {
    const { redis, keyspace } = shared();
    const spec = '0 */2 * * * *';
    await shared().goPool({ jobs, periodic: [{ spec, name: 'sweep' }] });
    const ofGo = await waitFor('the ticks of Go', async () => {
      const members = await redis.zrange(keyspace.scheduled, 0, '-1');
      return members.length > 0 && members;
    });
    await redis.del(keyspace.scheduled);
    const pool = shared()
      .ourPool()
      .job('sweep', {}, () => undefined)
      .periodic(spec, 'sweep', { timezone: 'UTC' });
    await pool.start();
    const ofOurs = await waitFor('the ticks of ours', async () => {
      const members = await redis.zrange(keyspace.scheduled, 0, '-1');
      return members.length > 0 && members;
    });
    expect(ofOurs).toEqual(expect.arrayContaining(ofGo.slice(-1)));
  });
});

/** A process whose clock is late puts a time that was over back into the scheduled set. */
describeEachGo('A tick that is put back by a late clock after it ran', ({ shared }) => {
  let at: number;
  let tick: string;
  beforeEach(() => {
    at = Math.floor(Date.now() / 1000);
    const id = new PeriodicSpec(NEVER_NOW, { jobName: 'sweep', timezone: 'UTC' }).idAt(at);
    tick = JSON.stringify({ name: 'sweep', id, t: at, args: null });
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

/** The times of all runs on both sides. */
function ticksOf({ runs }: SharedNamespace, go?: GoWorker): number[] {
  const ids = (go?.runs ?? []).filter(({ event }) => event === 'start').map(({ id }) => id);
  return [...ids, ...runs.map(({ id }) => id)].map((id) => Number(id.slice(id.lastIndexOf(':') + 1)));
}

import { waitFor } from '../support/index.js';
import { describeEachGo } from './support/index.js';

const jobs = [{ name: 'sweep' }];
const HORIZON_SECONDS = 240;

describeEachGo('A periodic spec', ({ shared, programs }) => {
  /** When it is to fire within the horizon, after a pool has made its first pass. */
  async function ticksOfGo(spec: string): Promise<number[]> {
    const { redis, keyspace } = shared();
    await redis.del(keyspace.lastPeriodicEnqueue); // so that a second pool does not wait for two minutes
    const go = await shared().goPool({ jobs, periodic: [{ spec, name: 'sweep' }] });
    await waitFor('the pass of Go', () => redis.get(keyspace.lastPeriodicEnqueue));
    await go.stop();
    return waitingTicks();
  }

  async function ticksOfOurs(spec: string): Promise<number[]> {
    const pool = ourPool(spec);
    await pool.start();
    await waitFor('the pass of ours', async () => (await waitingTicks()).length > 0);
    await pool.stop();
    return waitingTicks();
  }

  const ourPool = (spec: string) =>
    shared()
      .ourPool()
      .job('sweep', {}, () => undefined)
      .periodicallyEnqueue(spec, 'sweep');

  async function waitingTicks(): Promise<number[]> {
    const { redis, keyspace } = shared();
    return (await redis.zrange(keyspace.scheduled, 0, '-1', 'WITHSCORES')).filter((_, n) => n % 2 === 1).map(Number);
  }

  async function nextSecond(): Promise<void> {
    const second = Math.floor(Date.now() / 1000);
    await waitFor('the next second', () => Date.now() / 1000 >= second + 1);
  }

  it('of @every below 4 minutes fires once for each Go pool, in ours once for all', async () => {
    const first = await ticksOfGo('@every 90s');
    await nextSecond();
    const both = await ticksOfGo('@every 90s');
    expect([first.length, both.length]).toEqual([2, 4]);

    await shared().redis.del(shared().keyspace.scheduled);
    const ofOurs = await ticksOfOurs('@every 90s');
    await nextSecond();
    expect(await ticksOfOurs('@every 90s')).toEqual(ofOurs);
    for (const at of ofOurs) expect(at % 90).toBe(0);
  });

  it('of @every from 4 minutes on never fires in Go; in ours it does', async () => {
    const spec = `@every ${HORIZON_SECONDS}s`;
    expect(await ticksOfGo(spec)).toEqual([]);
    expect(await ticksOfOurs(spec)).toHaveLength(1);
  });

  it('that never comes true has Go run its job again and again, and is refused by ours', async () => {
    const spec = '0 0 0 31 2 *';
    const go = await shared().goPool({ jobs, periodic: [{ spec, name: 'sweep' }] });
    await go.until('three runs', () => (go.runs.length >= 6 ? go.runs : undefined));
    await go.kill(); // it would never stop
    expect(new Set(go.runs.map(({ id }) => id)).size).toBe(1);
    expect(() => ourPool(spec)).toThrow(/never/);
  });

  it('of five fields is read as this version reads it; ours reads minutes first', async () => {
    const everyMinute = (ticks: readonly number[]) => ticks.every((at) => at % 60 === 0);
    expect(everyMinute(await ticksOfGo('* * * * *'))).toBe(programs!.cron === 'minutes first');
    await shared().redis.del(shared().keyspace.scheduled);
    expect(everyMinute(await ticksOfOurs('* * * * *'))).toBe(true);
  });

  it.each(['0 0 0 * * 7', '0 0 0 L * *', '0 0 0 * * 5#2'])(
    'ends a Go program, and is known to ours: %s',
    async (spec) => {
      await expect(shared().goPool({ jobs, periodic: [{ spec, name: 'sweep' }] })).rejects.toThrow('panic');
      expect(() => ourPool(spec)).not.toThrow();
    },
  );
});

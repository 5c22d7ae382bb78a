import { waitFor } from '../support/index.js';
import { describeEachGo, HORIZON_SECONDS } from './support/index.js';

const jobs = [{ name: 'sweep' }];
const NEVER = '0 0 0 31 2 *';
const inBoth = (spec: string) => ({ jobs, periodic: [{ spec, name: 'sweep' }] });

describeEachGo('A periodic spec', ({ shared, programs }) => {
  /** When it is to fire within the horizon, after a pool has made its first pass. */
  async function ticksOfGo(spec: string): Promise<number[]> {
    const { redis, keyspace } = shared();
    await redis.del(keyspace.lastPeriodicEnqueue); // so that a second pool does not wait for two minutes
    const go = await shared().goPool(inBoth(spec));
    await waitFor('the pass of Go', () => redis.get(keyspace.lastPeriodicEnqueue));
    await go.stop();
    return waitingTicks();
  }

  async function ticksOfOurs(spec: string): Promise<number[]> {
    const pool = await shared().startOurs(inBoth(spec));
    await waitFor('the pass of ours', async () => (await waitingTicks()).length > 0);
    await pool.stop();
    return waitingTicks();
  }

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
    const go = await shared().goPool(inBoth(NEVER));
    await go.until('three runs', () => (go.runs.length >= 6 ? go.runs : undefined));
    await go.kill();
    expect(new Set(go.runs.map(({ id }) => id)).size).toBe(1);
    expect(() => shared().ourPool(inBoth(NEVER))).toThrow(/never/);
  });

  it('that never comes true keeps a Go pool from its end, and goes on, when it is told to stop', async () => {
    const { redis, keyspace } = shared();
    const places = [keyspace.scheduled, keyspace.queue('sweep')];
    const go = await shared().goPool(inBoth(NEVER));
    go.signal('SIGTERM');
    const isMember = async () => (await redis.sismember(keyspace.workerPools, go.poolId)) === 1;
    await waitFor('its workers and its heartbeat to have stopped', async () => !(await isMember()));
    for (const time of ['again', 'and again', 'and again']) {
      await redis.del(...places);
      await waitFor(`it to put up its job ${time}`, async () => (await redis.exists(...places)) > 0);
    }
    expect(go.lines.map(({ event }) => event)).not.toContain('stopped');
    expect(go.isRunning).toBe(true);
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
      await expect(shared().goPool(inBoth(spec))).rejects.toThrow('panic');
      expect(() => shared().ourPool(inBoth(spec))).not.toThrow();
    },
  );
});

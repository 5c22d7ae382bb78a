import { PeriodicSpec } from '#protocol';
import type { Clock } from '../../../libs/engine/clock.js';
import { PeriodicEnqueuer, Requeuer } from '../../../libs/engine/time/index.js';
import { ManualClock } from '../../support/manual-clock.js';
import { describeRedis, testRedis, type TestRedis } from '../../support/index.js';

/** The night before clocks go back in New York: 2026-10-31 20:00 UTC. */
const START = 1_793_476_800;
const HOURS = 24;
const STEP_SECONDS = 15;

const JOBS = [
  { jobName: 'five', expression: '*/5 * * * *', timezone: 'UTC' },
  { jobName: 'odd', expression: '@every 90s' },
  { jobName: 'half', expression: '30 */2 * * * *', timezone: 'UTC' },
  { jobName: 'night', expression: '30 1 * * *', timezone: 'America/New_York' },
  { jobName: 'hourly', expression: 'TZ=America/New_York 0 * * * *' },
  { jobName: 'daily', expression: '@daily', timezone: 'UTC' },
] as const;

/** Seconds by which the clock of each pool is wrong. */
const SKEWS = [0, 137, -171];

function skewed(clock: Clock, seconds: number): Clock {
  return { nowMs: () => clock.nowMs() + seconds * 1000, monotonicMs: () => clock.monotonicMs() };
}

/** The same on every run. */
function chance(): () => number {
  let state = 42;
  return () => (state = (state * 1_103_515_245 + 12_345) % 2_147_483_648) / 2_147_483_648;
}

describeRedis('three pools whose clocks differ by minutes', () => {
  let test: TestRedis;
  beforeEach(() => void (test = testRedis()));
  afterEach(() => test.close());

  it('fire each tick of a day exactly once', async () => {
    const { redis, keyspace } = test;
    const clock = new ManualClock(START * 1000);
    const random = chance();
    const pools = SKEWS.map((seconds) => {
      const shared = { redis, keyspace, clock: skewed(clock, seconds), random, report: () => {} };
      return {
        enqueuer: new PeriodicEnqueuer({ ...shared, jobs: JOBS }),
        requeuer: new Requeuer({ ...shared, set: 'scheduled' }),
        nextPassAt: START,
      };
    });
    let dropped = 0;
    for (let now = START; now <= START + HOURS * 3_600; now += STEP_SECONDS) {
      for (const pool of pools) {
        if (now >= pool.nextPassAt) {
          await pool.enqueuer.runOnce();
          pool.nextPassAt = now + 60 + 60 * random();
        }
        dropped += (await pool.requeuer.runOnce()).dropped;
      }
      if (now % 600 === 0) await forgetMarksBefore(now - 3_600);
      clock.pass(STEP_SECONDS * 1000);
    }
    expect(dropped).toBeGreaterThan(100); // the clocks did make trouble
    for (const job of JOBS) expect([job.jobName, await firedTicks(job.jobName)]).toEqual([job.jobName, allTicks(job)]);
  }, 60_000);

  /** Redis' own time does not pass as fast as the test's. */
  async function forgetMarksBefore(seconds: number) {
    const marks = await test.redis.keys(`${test.keyspace.ext.fired('')}*`);
    const old = marks.filter((key) => Number(key.split(':').at(-1)) < seconds);
    if (old.length > 0) await test.redis.del(...old);
  }

  /** Within the part of the day that every clock has gone through. */
  const isCovered = (tick: number) => tick > START + 300 && tick < START + HOURS * 3_600 - 300;

  async function firedTicks(jobName: string): Promise<number[]> {
    const jobs = await test.redis.lrange(test.keyspace.queue(jobName), 0, -1);
    const ticks = jobs.map((text) => Number((JSON.parse(text) as { id: string }).id.split(':').at(-1)));
    return ticks.filter(isCovered).sort((one, other) => one - other);
  }

  function allTicks({ expression, ...options }: (typeof JOBS)[number]): number[] {
    return new PeriodicSpec(expression, options).between(START, START + HOURS * 3_600).filter(isCovered);
  }
});

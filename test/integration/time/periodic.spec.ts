import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InvalidCronError } from '#protocol';
import type { WorkEvent } from '../../../libs/engine/events.js';
import { PeriodicEnqueuer, Requeuer, type PeriodicJob } from '../../../libs/engine/time/index.js';
import { warnOfProcessTimezone } from '../../../libs/engine/time/process-timezone.js';
import { ManualClock } from '../../support/manual-clock.js';
import { describeRedis, testRedis, waitFor, type TestRedis } from '../../support/index.js';
import { dumpedValue, wireDump } from '../../support/wire-dump.js';

interface RecordedSpec {
  readonly spec: string;
  readonly members: readonly string[];
  readonly scores: readonly number[];
}

const recordedSpecs = JSON.parse(
  readFileSync(join(__dirname, '../../fixtures/wire/28-periodic-specs.json'), 'utf8'),
) as RecordedSpec[];

/** When the pool of dump 27 started. */
const GO_BASE = 1_795_486_205;

describeRedis('PeriodicEnqueuer', () => {
  let test: TestRedis;
  let events: WorkEvent[];
  beforeEach(() => {
    test = testRedis();
    events = [];
  });
  afterEach(() => test.close());

  const report = (event: WorkEvent) => void events.push(event);
  const make = (jobs: readonly PeriodicJob[], clock: ManualClock) => {
    return new PeriodicEnqueuer({
      redis: test.redis,
      keyspace: test.keyspace,
      jobs,
      clock,
      random: Math.random,
      report,
    });
  };
  const at = (seconds: number) => new ManualClock(seconds * 1000);
  const scheduled = () => test.redis.zrange(test.keyspace.scheduled, '0', '-1', 'WITHSCORES');
  const minutely: PeriodicJob = { jobName: 'ok', expression: '0 * * * * *' };

  it('leaves in Redis what gocraft/work leaves, byte for byte, and its mark alone', async () => {
    expect(await make([minutely], at(GO_BASE)).runOnce()).toEqual({ added: 4, madeUp: 0 });
    expect(await scheduled()).toEqual(dumpedValue(wireDump('27-periodic'), 'w:scheduled'));
    expect(await test.redis.keys(`${test.namespace}:*`)).toEqual([test.keyspace.scheduled]);
  });

  it.each(recordedSpecs.filter(({ spec }) => !spec.startsWith('@every')))(
    'writes $spec as Go does',
    async (recorded) => {
      const [first = 0] = recorded.scores;
      await make([{ jobName: 'ok', expression: recorded.spec }], at(first - 1)).runOnce();
      const expected = recorded.members.flatMap((member, index) => [member, String(recorded.scores[index])]);
      expect((await scheduled()).slice(0, expected.length)).toEqual(expected);
    },
  );

  it('looks four minutes ahead, both ends left out', async () => {
    await make([minutely], at(GO_BASE + 55)).runOnce();
    const scores = (await scheduled()).filter((_, index) => index % 2).map(Number);
    expect(scores).toEqual([1, 2, 3].map((minute) => GO_BASE + 55 + 60 * minute));
  });

  it('escapes an id as Go does, and keeps a zone given apart in it', async () => {
    await make([{ jobName: 'a<b', expression: '* * * * *', timezone: 'UTC' }], at(GO_BASE)).runOnce();
    expect((await scheduled())[0]).toBe(
      '{"name":"a\\u003cb","id":"periodic:a\\u003cb:CRON_TZ=UTC * * * * *:1795486260","t":1795486260,"args":null}',
    );
  });

  it('adds nothing that waits already', async () => {
    await make([minutely], at(GO_BASE)).runOnce();
    expect(await make([minutely], at(GO_BASE)).runOnce()).toEqual({ added: 0, madeUp: 0 });
    expect(await make([minutely], at(GO_BASE + 60)).runOnce()).toEqual({ added: 1, madeUp: 0 });
  });

  it('puts thousands of ticks in', async () => {
    const jobs = Array.from({ length: 10 }, (_, index) => ({ jobName: `j${index}`, expression: '* * * * * *' }));
    expect(await make(jobs, at(GO_BASE)).runOnce()).toEqual({ added: 2_390, madeUp: 0 });
  });

  it('refuses a spec that never fires when it is made', () => {
    expect(() => make([{ jobName: 'ok', expression: '0 0 0 31 2 *' }], at(GO_BASE))).toThrow(InvalidCronError);
  });

  it('makes a pass at once when it starts, and again when it is woken', async () => {
    const clock = at(GO_BASE);
    const enqueuer = make([minutely], clock);
    enqueuer.start();
    await waitFor('the first pass', async () => (await scheduled()).length === 8);
    clock.pass(60_000);
    enqueuer.wake();
    await waitFor('the second pass', async () => (await scheduled()).length === 10);
    await enqueuer.stop();
  });

  it('reports trouble once, tries again soon, and goes on', async () => {
    await test.redis.set(test.keyspace.scheduled, 'no sorted set');
    const enqueuer = make([minutely], at(GO_BASE));
    enqueuer.start();
    await waitFor('the failure is reported', () => events.length > 0);
    expect(events).toEqual([{ type: 'role_failed', role: 'PeriodicEnqueuer', error: expect.anything() as unknown }]);
    await test.redis.del(test.keyspace.scheduled);
    await waitFor('a pass succeeds without being woken', async () => (await scheduled()).length === 8);
    expect(events).toHaveLength(1);
    await enqueuer.stop();
  });

  it('warns of jobs that follow the time zone of the process, unless that is UTC', () => {
    const spec = { jobName: 'nightly', timezone: 'Europe/Berlin', namesTimezone: false };
    warnOfProcessTimezone([spec, { ...spec, jobName: 'other', namesTimezone: true }], report);
    expect(events).toEqual([
      {
        type: 'warning',
        code: 'WORK_PROCESS_TIMEZONE',
        message: expect.stringMatching(/periodic jobs "nightly", so they follow .* Europe\/Berlin\./) as unknown,
      },
    ]);
    warnOfProcessTimezone([{ ...spec, timezone: 'UTC' }], report);
    expect(events).toHaveLength(1);
  });

  describe('after Redis was away', () => {
    /** 02:00:00 UTC, so that passes cover the time until 02:04. */
    const BASE = 1_795_485_600;
    const hourly = { jobName: 'hourly', expression: '5 * * * *', timezone: 'UTC' };
    const every2 = { jobName: 'every2', expression: '*/2 * * * *', timezone: 'UTC' };

    const seen = async (jobName: string) => {
      const members = await test.redis.zrange(test.keyspace.scheduled, '0', '-1');
      const ticks = members.map((text) => JSON.parse(text) as { name: string; t: number });
      return ticks.filter(({ name }) => name === jobName).map(({ t }) => (t - BASE) / 60);
    };
    const outage = async (minutes: number, jobs: readonly PeriodicJob[] = [hourly, every2]) => {
      const clock = at(BASE);
      const enqueuer = make(jobs, clock);
      await enqueuer.runOnce();
      clock.pass(minutes * 60_000);
      return { tally: await enqueuer.runOnce(), enqueuer, clock };
    };

    it('makes up for the last tick that each job missed, and says so', async () => {
      const { tally } = await outage(13);
      expect(tally.madeUp).toBe(2);
      expect(await seen('hourly')).toEqual([5]);
      expect(await seen('every2')).toEqual([2, 12, 14, 16]);
      expect(events).toEqual([
        { type: 'ticks_missed', job: 'hourly', expression: '5 * * * *', madeUpFor: BASE + 300 },
        { type: 'ticks_missed', job: 'every2', expression: '*/2 * * * *', madeUpFor: BASE + 720 },
      ]);
    });

    it('counts the first instant behind the horizon, and the present one, as missed', async () => {
      await outage(4, [{ jobName: 'at4', expression: '4 * * * *', timezone: 'UTC' }]);
      expect(await seen('at4')).toEqual([4]);
    });

    it('makes up for nothing within the horizon', async () => {
      const { tally } = await outage(3);
      expect(tally.madeUp).toBe(0);
    });

    it('leaves out what is more than half an hour late', async () => {
      await outage(35);
      expect(await seen('hourly')).toEqual([5]);
      await test.redis.del(test.keyspace.scheduled);
      await outage(36);
      expect(await seen('hourly')).toEqual([]);
    });

    it('makes up for a tick once in all pools', async () => {
      const requeuer = new Requeuer({
        redis: test.redis,
        keyspace: test.keyspace,
        set: 'scheduled',
        clock: at(BASE + 780),
        random: Math.random,
        report,
      });
      for (let pool = 0; pool < 3; pool += 1) {
        await outage(13, [hourly]);
        await requeuer.runOnce();
      }
      expect(await test.redis.llen(test.keyspace.queue('hourly'))).toBe(1);
    });

    it('leaves it to a pool of gocraft/work that was there', async () => {
      await test.redis.set(test.keyspace.lastPeriodicEnqueue, String(BASE + 90));
      await outage(13);
      expect(await seen('hourly')).toEqual([]);
      expect(await seen('every2')).toEqual([2, 12, 14, 16]);
    });

    it('makes up for it where the mark of gocraft/work is none', async () => {
      await test.redis.lpush(test.keyspace.lastPeriodicEnqueue, 'no number');
      expect((await outage(13)).tally.madeUp).toBe(2);
    });

    it('makes up for nothing that was missed between stop and start', async () => {
      const clock = at(BASE);
      const enqueuer = make([hourly], clock);
      await enqueuer.runOnce();
      clock.pass(13 * 60_000);
      enqueuer.start();
      await enqueuer.stop();
      expect(await seen('hourly')).toEqual([]);
    });
  });
});

import { decodeJob } from '#protocol';
import { JobNotStartedError } from '../../../libs/engine/run/before-start/job-not-started-error.js';
import { systemClock } from '../../../libs/engine/clock.js';
import { Suspects } from '../../../libs/engine/run/before-start/suspects.js';
import { HeldJobInTest, jobBytes } from '../../support/held-job.js';
import { describeRedis, testRedis, waitFor, type TestRedis } from '../../support/index.js';

const POOL = 'pool1';

/** A job's handler that ends when told to. */
function handler() {
  let end!: () => void;
  let started!: () => void;
  const ended = new Promise<void>((resolve) => (end = resolve));
  const isStarted = new Promise<void>((resolve) => (started = resolve));
  const work = async () => (started(), await ended);
  return { work, end, isStarted };
}

describeRedis('suspects', () => {
  let test: TestRedis;
  let suspects: Suspects;
  let timers: { fire: () => void; ms: number; isOff: boolean }[];
  beforeEach(async () => {
    test = testRedis();
    timers = [];
    const timer = (fire: () => void, ms: number) => {
      const one = { fire, ms, isOff: false };
      timers.push(one);
      return () => void (one.isOff = true);
    };
    const { redis, keyspace } = test;
    suspects = new Suspects({ redis, keyspace, clock: systemClock, report: () => {}, timer });
    await test.redis.sadd(test.keyspace.workerPools, POOL);
  });
  afterEach(() => test.close());

  const named = () => test.redis.hkeys(test.keyspace.ext.suspect(POOL));

  function run(id: string, work: () => Promise<unknown>, held = heldJob(id)) {
    return suspects.run(held, decodeJob(held.bytes), work);
  }

  function heldJob(id: string) {
    return new HeldJobInTest(jobBytes({ id, _recovered: 2 }), { poolId: POOL });
  }

  it('names a job before it starts and until it has ended', async () => {
    const namedAtStart: string[] = [];
    await run('a', async () => void namedAtStart.push(...(await named())));
    expect(namedAtStart).toEqual(['a']);
    await waitFor('the name to go', async () => (await named()).length === 0);
  });

  it('lets the name go where the job fails, and hands its error on', async () => {
    const fails = async () => {
      throw new Error('boom');
    };
    await expect(run('a', fails)).rejects.toThrow('boom');
    await waitFor('the name to go', async () => (await named()).length === 0);
  });

  it('never runs two side by side', async () => {
    const [first, second] = [handler(), handler()];
    const ends = [run('a', first.work), run('b', second.work)];
    await first.isStarted;
    expect(await named()).toEqual(['a']);
    first.end();
    await second.isStarted;
    await waitFor('the first name to go', async () => !(await named()).includes('a'));
    expect(await named()).toEqual(['b']);
    second.end();
    await Promise.all(ends);
  });

  it('gives its slot to others while it waits, and only then', async () => {
    const asides: string[] = [];
    const withAside = (id: string) =>
      Object.assign(heldJob(id), {
        aside: async (wait: () => Promise<void>) => {
          asides.push(`${id} waits`);
          await wait();
          asides.push(`${id} is next`);
        },
      });
    const [first, second] = [handler(), handler()];
    const ends = [run('a', first.work, withAside('a')), run('b', second.work, withAside('b'))];
    await first.isStarted;
    expect(asides).toEqual(['b waits']);
    first.end();
    await second.isStarted;
    expect(asides).toEqual(['b waits', 'b is next']);
    second.end();
    await Promise.all(ends);
  });

  it('lets the next one in where one loses its slot while it waits', async () => {
    const [first, third] = [handler(), handler()];
    const noSlot = Object.assign(heldJob('b'), {
      aside: async (wait: () => Promise<void>) => {
        await wait();
        throw new JobNotStartedError('its pool stops');
      },
    });
    const ends = [run('a', first.work), run('b', handler().work, noSlot), run('c', third.work)];
    await first.isStarted;
    first.end();
    await expect(ends[1]).rejects.toThrow(JobNotStartedError);
    await third.isStarted;
    third.end();
    await Promise.all([ends[0], ends[2]]);
  });

  it('does not start one whose pool is no member any more, and names nobody', async () => {
    await test.redis.srem(test.keyspace.workerPools, POOL);
    const work = jest.fn();
    await expect(run('a', work)).rejects.toThrow(JobNotStartedError);
    expect(work).not.toHaveBeenCalled();
    expect(await named()).toEqual([]);
  });

  it('does not start one that is interrupted while it waits for its turn', async () => {
    const first = handler();
    const end = run('a', first.work);
    await first.isStarted;
    const held = heldJob('b');
    const waiting = run('b', handler().work, held);
    held.interrupt();
    await expect(waiting).rejects.toThrow(JobNotStartedError);
    first.end();
    await end;
  });

  it('makes our key anew where something else stands in it', async () => {
    await test.redis.set(test.keyspace.ext.suspect(POOL), 'nonsense');
    const one = handler();
    const end = run('a', one.work);
    await one.isStarted;
    expect(await named()).toEqual(['a']);
    one.end();
    await end;
  });

  it('no longer holds back the next after ten seconds, and stays named until it ends', async () => {
    const [first, second] = [handler(), handler()];
    const ends = [run('a', first.work)];
    await first.isStarted;
    ends.push(run('b', second.work));
    expect(timers.map(({ ms }) => ms)).toEqual([10_000]);
    timers[0]?.fire();
    await second.isStarted;
    expect((await named()).sort()).toEqual(['a', 'b']);
    second.end();
    first.end();
    await Promise.all(ends);
  });

  it('leaves no timer behind', async () => {
    await run('a', async () => {});
    expect(timers.map(({ isOff }) => isOff)).toEqual([true]);
  });
});

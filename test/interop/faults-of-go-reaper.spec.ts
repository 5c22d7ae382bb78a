import { encodeNewJob, spliceJob } from '#protocol';
import { POISON_RECOVERIES } from '../../libs/engine/liveness/reap/recovered-entry.js';
import { waitFor } from '../support/index.js';
import { ManualClock } from '../support/manual-clock.js';
import { holdJobs, PoolInTest } from '../support/pool-in-test.js';
import { describeEachGo } from './support/index.js';

/** More than Go allows for. */
const LATE_SECONDS = 20;
const LOOKS = 10;
/** Go's reaper looks for the first time 10 s after its pool's start. */
const REAPED_MS = 60_000;
const TEST_MS = 120_000;

const job = (id: string) => encodeNewJob({ name: 'mail', id, t: 1, argsJson: 'null' });

describeEachGo('Go’s reaper', ({ shared }) => {
  let beats = 0;
  /** Of a pool that lives, on a host whose clock is late: each beat is another one. */
  const beatLate = () => {
    const { redis, keyspace } = shared();
    const heartbeatAt = Math.floor(Date.now() / 1000) - LATE_SECONDS - (beats++ % 2);
    return redis.hset(keyspace.heartbeat('late'), { heartbeat_at: heartbeatAt, job_names: 'mail' });
  };

  async function holdLate(entry: Buffer): Promise<void> {
    const { redis, keyspace } = shared();
    await redis.sadd(keyspace.workerPools, 'late');
    await holdJobs(redis, keyspace, 'late', 'mail', [entry]);
    await beatLate();
  }

  /** What pools of ours make of it. */
  async function expectLiving(): Promise<void> {
    const { redis, keyspace } = shared();
    const pool = new PoolInTest({ redis, keyspace, clock: new ManualClock(Date.now()), types: [{ name: 'other' }] });
    await pool.register();
    for (let looks = 0; looks < LOOKS; looks += 1) {
      await beatLate();
      expect((await pool.beatAndLook()).reaps).toEqual([]);
    }
    await redis.srem(keyspace.workerPools, pool.id);
  }

  it(
    'takes a pool for dead whose clock is late, unlike ours, and never counts how often the process of a job died',
    async () => {
      const { redis, keyspace } = shared();
      const entry = spliceJob(job('poison'), { _recovered: POISON_RECOVERIES - 1 });
      await holdLate(entry);
      await expectLiving();
      await shared().goPool({ jobs: [{ name: 'other' }] });
      const isBack = async () => {
        await beatLate();
        return (await redis.llen(keyspace.queue('mail'))) === 1;
      };
      await waitFor('it to be back in its queue', isBack, REAPED_MS);
      expect(await redis.lrangeBuffer(keyspace.queue('mail'), 0, -1)).toEqual([entry]);
      expect(await redis.exists(keyspace.dead)).toBe(0);
    },
    TEST_MS,
  );
});

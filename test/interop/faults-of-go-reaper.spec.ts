import { encodeNewJob, spliceJob } from '#protocol';
import { POISON_RECOVERIES } from '../../libs/engine/liveness/reap/recovered-entry.js';
import { waitFor } from '../support/index.js';
import { ManualClock } from '../support/manual-clock.js';
import { holdJobs, PoolInTest } from '../support/pool-in-test.js';
import { describeEachGo, findOrphans, seconds } from './support/index.js';

/** Each pool beats so often. */
const BEAT_SECONDS = 5;
/** Go takes a heartbeat for dead that is 10 s old: with the 5 s until the next one, it allows a clock to be 5 s late. */
const LATE_SECONDS = 6;
const LOOKS = 10;
/** Go's reaper looks for the first time 10 s after its pool's start. */
const REAPED_MS = 60_000;
const TEST_MS = 120_000;

const job = (id: string) => encodeNewJob({ name: 'mail', id, t: 1, argsJson: 'null' });

describeEachGo('Go’s reaper', ({ shared }) => {
  let beats = 0;
  /** As the heartbeats of two pools that live stand just before the next, on hosts with the right time and with a late one. */
  async function beatBoth(): Promise<void> {
    const { redis, keyspace } = shared();
    const beatAt = seconds() - BEAT_SECONDS - (beats++ % 2); // each beat is another one
    await redis.hset(keyspace.heartbeat('punctual'), { heartbeat_at: beatAt, job_names: 'mail' });
    await redis.hset(keyspace.heartbeat('late'), { heartbeat_at: beatAt - LATE_SECONDS, job_names: 'mail' });
  }

  /** Each pool runs one job. */
  async function hold(entryOf: (poolId: string) => Buffer): Promise<void> {
    const { redis, keyspace } = shared();
    for (const poolId of ['punctual', 'late']) {
      await redis.sadd(keyspace.workerPools, poolId);
      await holdJobs(redis, keyspace, poolId, 'mail', [entryOf(poolId)]);
    }
    await beatBoth();
  }

  /** What pools of ours make of it. */
  async function expectLiving(): Promise<void> {
    const { redis, keyspace } = shared();
    const pool = new PoolInTest({ redis, keyspace, clock: new ManualClock(Date.now()), types: [{ name: 'other' }] });
    await pool.register();
    for (let looks = 0; looks < LOOKS; looks += 1) {
      await beatBoth();
      expect((await pool.beatAndLook()).reaps).toEqual([]);
    }
    await redis.srem(keyspace.workerPools, pool.id);
  }

  it(
    'takes a pool for dead whose clock is more than 5 s late, unlike ours, and never counts how often the process of a job died',
    async () => {
      const { redis, keyspace } = shared();
      const entryOf = (poolId: string) => spliceJob(job(poolId), { _recovered: POISON_RECOVERIES - 1 });
      await hold(entryOf);
      await expectLiving();
      await shared().goPool({ jobs: [{ name: 'other' }] });
      const isBack = async () => {
        await beatBoth();
        return (await redis.llen(keyspace.queue('mail'))) === 1;
      };
      await waitFor('it to be back in its queue', isBack, REAPED_MS);
      expect(await redis.lrangeBuffer(keyspace.queue('mail'), 0, -1)).toEqual([entryOf('late')]);
      expect(await redis.lrangeBuffer(keyspace.inProgress('mail', 'punctual'), 0, -1)).toEqual([entryOf('punctual')]);
      expect(await redis.exists(keyspace.dead)).toBe(0);
    },
    TEST_MS,
  );

  it(
    'forgets the jobs of a dead pool whose heartbeat is gone from Redis too; ours finds them',
    async () => {
      const { redis, keyspace } = shared();
      await redis.sadd(keyspace.workerPools, 'gone');
      await holdJobs(redis, keyspace, 'gone', 'mail', [job('m')]);
      await shared().goPool({ jobs: [{ name: 'other' }] });
      const isForgotten = async () => (await redis.sismember(keyspace.workerPools, 'gone')) === 0;
      await waitFor('it to be forgotten', isForgotten, REAPED_MS);
      expect(await redis.llen(keyspace.inProgress('mail', 'gone'))).toBe(1);
      await findOrphans(shared());
      expect(await redis.llen(keyspace.inProgress('mail', 'gone'))).toBe(0);
      expect(await redis.lrange(keyspace.queue('mail'), 0, -1)).toHaveLength(1);
    },
    TEST_MS,
  );
});

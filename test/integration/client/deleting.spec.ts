import { encodeNewJob, spliceJob } from '#protocol';
import { RedisRefusedError } from '#store';
import { JobNotFoundError, type Client, type ListedJob } from '../../../libs/engine/client/index.js';
import { Enqueuer } from '../../../libs/engine/enqueue/index.js';
import { PeriodicEnqueuer, Requeuer } from '../../../libs/engine/time/index.js';
import { describeRedis, type TestRedis } from '../../support/index.js';
import { ManualClock } from '../../support/manual-clock.js';
import { idsOf, job, storedIn, uniqueJob } from '../../support/stored-jobs.js';
import { restoreDump } from '../../support/wire-dump.js';
import { eachWithClient } from './each-with-client.js';

describeRedis('deleting by the client', () => {
  let test: TestRedis;
  let client: Client;
  eachWithClient((given) => ({ test, client } = given));

  const { dead, deadMembers, queue, schedule } = storedIn(() => test);

  describe('deleting', () => {
    it('takes the job of that time and id, and no other', async () => {
      for (const set of ['retry', 'dead', 'scheduled'] as const) {
        await test.redis.zadd(test.keyspace[set], 10, job('a'), 10, job('b'), 11, spliceJob(job('a'), { t: 6 }));
        await test.redis.zadd(test.keyspace[set], 10, 'not json');
      }
      await client.deleteRetryJob(10, 'a');
      await client.deleteDeadJob(10, 'a');
      await client.deleteScheduledJob(10, 'a');
      for (const page of [await client.retryJobs(), await client.deadJobs(), await client.scheduledJobs()]) {
        expect(idsOf(page)).toEqual(['undecodable', 'b', 'a']);
      }
    });

    it('takes a job of a fractional time', async () => {
      await dead('9.5', job('a'));
      await client.deleteDeadJob(9.5, 'a');
      expect(await deadMembers()).toEqual([]);
    });

    it('finds a job among thousands of the same second', async () => {
      const members = Array.from({ length: 1_000 }, (_, n) => [10, job(`job${n}`)]).flat();
      await test.redis.zadd(test.keyspace.dead, ...(members as [number, Buffer]));
      await client.deleteDeadJob(10, 'job777');
      expect(await test.redis.zcard(test.keyspace.dead)).toBe(999);
    });

    it('says that there was nothing to delete', async () => {
      await dead(10, job('a'));
      await expect(client.deleteDeadJob(11, 'a')).rejects.toThrow(JobNotFoundError);
      await expect(client.deleteDeadJob(10, 'b')).rejects.toThrow(JobNotFoundError);
      await expect(client.deleteRetryJob(10, 'a')).rejects.toThrow(JobNotFoundError);
      await expect(client.deleteScheduledJob(10, 'a')).rejects.toThrow(JobNotFoundError);
      expect(await deadMembers()).toHaveLength(1);
    });

    it('of a scheduled job frees its uniqueness, by a key of its own too', async () => {
      const enqueuer = new Enqueuer({ redis: test.redis, keyspace: test.keyspace });
      const byKey = await enqueuer.enqueueUniqueInByKey('us', 300, { v: 1 }, { k: 1 });
      await enqueuer.enqueueUniqueInByKey('us', 300, { v: 2 }, { k: 1 });
      const byArguments = await enqueuer.enqueueUniqueIn('us', 300, { big: 9007199254740993n });
      expect(await test.redis.keys(`${test.namespace}:unique:*`)).toHaveLength(2);
      await client.deleteScheduledJob(byKey!.runAt.getTime() / 1000, byKey!.id);
      await client.deleteScheduledJob(byArguments!.runAt.getTime() / 1000, byArguments!.id);
      expect(await test.redis.keys(`${test.namespace}:unique:*`)).toEqual([]);
    });

    it('leaves nothing of what Go left behind when it deleted a by-key job', async () => {
      await restoreDump(test, '25-delsched');
      const [left] = await test.redis.keys(`${test.namespace}:unique:*`);
      await schedule(10, encodeNewJob({ name: 'us', id: 'x', t: 5, argsJson: '{"v":1}', uniqueKey: left! }));
      await client.deleteScheduledJob(10, 'x');
      expect(await test.redis.keys(`${test.namespace}:unique:*`)).toEqual([]);
    });

    it('finds the uniqueness key of a job whose producer did not write it down', async () => {
      const key = `${test.keyspace.uniquePrefix('mail')}{"a":[],"z":1}\n`;
      await test.redis.set(key, '1');
      await schedule(10, `{"name":"mail","id":"x","t":1,"args":{"z":1,"a":[]},"unique":true}`);
      await client.deleteScheduledJob(10, 'x');
      expect(await test.redis.exists(key)).toBe(0);
    });

    it.each([
      ['of another type', 'unique:other:{}\n', {}],
      ['that is no uniqueness key', 'jobs:mail', {}],
      ['of a job that has run and may be another one’s by now', 'unique:mail:{"a":1}\n', { fails: 1 }],
      ['of a job that has claimed it', 'unique:mail:{"a":1}\n', { _claimed: true } as const],
    ])('never deletes a key %s', async (_, name, changes) => {
      const key = `${test.keyspace.prefix}${name}`;
      await test.redis.set(key, '1');
      await schedule(10, uniqueJob('x', key, changes));
      await client.deleteScheduledJob(10, 'x');
      expect(await test.redis.exists(key)).toBe(1);
    });

    it('of a dead job leaves every uniqueness key alone: it may be another one’s by now', async () => {
      const key = `${test.keyspace.uniquePrefix('mail')}{"a":1}\n`;
      await test.redis.set(key, '1');
      await dead(10, uniqueJob('x', key));
      await client.deleteDeadJob(10, 'x');
      expect(await test.redis.exists(key)).toBe(1);
    });

    it('of a tick keeps it from firing, although the next pass of a pool puts it back', async () => {
      const { redis, keyspace } = test;
      const common = { redis, keyspace, clock: new ManualClock(60_000), random: Math.random, report: () => {} };
      const jobs = [{ jobName: 'mail', expression: '*/2 * * * *', timezone: 'UTC' }];
      const enqueuer = new PeriodicEnqueuer({ ...common, jobs });
      await enqueuer.runOnce();
      const [tick] = (await client.scheduledJobs()).jobs;
      await client.deleteScheduledJob(tick!.at!, (tick as ListedJob).job.id);
      expect(await enqueuer.runOnce()).toMatchObject({ added: 1 });
      common.clock.pass(60_000);
      const requeuer = new Requeuer({ ...common, set: 'scheduled' });
      expect(await requeuer.runOnce()).toMatchObject({ moved: 0, dropped: 1 });
    });

    it('all dead jobs leaves none, and tells how many there were', async () => {
      await dead(1, job('a'));
      await dead(2, job('b'));
      expect(await client.deleteAllDeadJobs()).toBe(2);
      expect(await client.deleteAllDeadJobs()).toBe(0);
      expect(await deadMembers()).toEqual([]);
    });

    it('all dead jobs leaves alone what stands in the place of the dead set, and says so', async () => {
      await test.redis.set(test.keyspace.dead, 'of somebody else');
      const error = await client.deleteAllDeadJobs().catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(RedisRefusedError);
      expect((error as Error).message).toContain(`refused to delete all dead jobs (${test.keyspace.dead}): WRONGTYPE`);
      expect(await test.redis.get(test.keyspace.dead)).toBe('of somebody else');
    });
  });

  describe('removing a waiting job', () => {
    it('takes that one and leaves the others in their order', async () => {
      await test.redis.lpush(test.keyspace.queue('mail'), job('a'), 'not json', job('b'), job('c'));
      await client.removeWaitingJob('mail', 'b');
      expect(await queue()).toEqual([String(job('c')), 'not json', String(job('a'))]);
      await expect(client.removeWaitingJob('mail', 'b')).rejects.toThrow(JobNotFoundError);
      await expect(client.removeWaitingJob('none', 'a')).rejects.toThrow(JobNotFoundError);
    });

    it('frees its uniqueness', async () => {
      const enqueuer = new Enqueuer({ redis: test.redis, keyspace: test.keyspace });
      const first = await enqueuer.enqueueUnique('mail', { a: 1 });
      await client.removeWaitingJob('mail', first!.id);
      expect(await enqueuer.enqueueUnique('mail', { a: 1 })).not.toBeNull();
    });
  });
});

import { spliceJob } from '#protocol';
import type { Client } from '../../../libs/engine/client/index.js';
import { describeRedis, type TestRedis } from '../../support/index.js';
import { job } from '../../support/stored-jobs.js';
import { restoreDump } from '../../support/wire-dump.js';
import { eachWithClient } from './each-with-client.js';

describeRedis('what the client tells of queues, pools and workers', () => {
  let test: TestRedis;
  let client: Client;
  eachWithClient((given) => ({ test, client } = given));

  describe('queues', () => {
    it('tells of every known job type what waits, for how long, whether it is paused, and its limit', async () => {
      await test.redis.sadd(test.keyspace.knownJobs, 'mail', 'idle', 'Sync');
      const [seconds] = await test.redis.time();
      await test.redis.lpush(
        test.keyspace.queue('mail'),
        spliceJob(job('old'), { t: Number(seconds) - 60 }),
        job('new'),
      );
      await test.redis.set(test.keyspace.paused('mail'), '');
      await test.redis.mset(test.keyspace.lock('mail'), '3', test.keyspace.maxConcurrency('mail'), '7');
      const queues = await client.queues();
      expect(queues.map(({ jobName }) => jobName)).toEqual(['Sync', 'idle', 'mail']);
      expect(queues[2]).toMatchObject({ count: 2, isPaused: true, running: 3, maxConcurrency: 7 });
      expect(queues[2]!.latencySeconds).toBeGreaterThanOrEqual(60);
      expect(queues[2]!.latencySeconds).toBeLessThan(120);
      expect(queues[1]).toEqual({
        jobName: 'idle',
        count: 0,
        latencySeconds: 0,
        isPaused: false,
        running: 0,
        maxConcurrency: 0,
      });
    });

    it('goes on where the next entry is no job, where counts are no numbers, and where a key is no list', async () => {
      await test.redis.sadd(test.keyspace.knownJobs, 'broken', 'mail');
      await test.redis.set(test.keyspace.queue('broken'), 'no list');
      await test.redis.lpush(test.keyspace.queue('mail'), 'not json');
      await test.redis.mset(test.keyspace.lock('mail'), 'abc', test.keyspace.maxConcurrency('mail'), 'abc');
      expect(await client.queues()).toMatchObject([
        { jobName: 'broken', count: 0, latencySeconds: 0 },
        { jobName: 'mail', count: 1, latencySeconds: undefined, running: 0, maxConcurrency: 0 },
      ]);
    });

    it('never tells a negative latency', async () => {
      await test.redis.sadd(test.keyspace.knownJobs, 'mail');
      await test.redis.lpush(test.keyspace.queue('mail'), spliceJob(job('future'), { t: 9_999_999_999 }));
      expect(await client.queues()).toMatchObject([{ latencySeconds: 0 }]);
    });
  });

  it('pauses and resumes a job type, and tells whether that changed anything', async () => {
    await test.redis.sadd(test.keyspace.knownJobs, 'mail');
    expect(await client.isPaused('mail')).toBe(false);
    expect(await client.pause('mail')).toBe(true);
    expect(await client.pause('mail')).toBe(false);
    expect(await client.isPaused('mail')).toBe(true);
    expect(await test.redis.get(test.keyspace.paused('mail'))).toBe('1');
    expect(await client.resume('mail')).toBe(true);
    expect(await client.resume('mail')).toBe(false);
    expect(await client.isPaused('mail')).toBe(false);
  });

  it('does not pause what nobody knows, for what was meant would go on; before a first deploy it can be asked to', async () => {
    await test.redis.sadd(test.keyspace.knownJobs, 'mail');
    await expect(client.pause('mial')).rejects.toMatchObject({
      code: 'WORK_UNKNOWN_JOB_TYPE',
      meant: 'mail',
      message: expect.stringMatching(
        /^"mial" was not paused: .* Did you mean "mail"\? To pause it .*mayBeUnknown/,
      ) as string,
    });
    await expect(client.pause('other')).rejects.toThrow(/queues\(\) lists those that it knows/);
    expect(await client.isPaused('mial')).toBe(false);
    expect(await client.pause('mial', { mayBeUnknown: true })).toBe(true);
    expect(await client.isPaused('mial')).toBe(true);
  });

  describe('pools and workers', () => {
    it('are told as Go tells them', async () => {
      await restoreDump(test, '07-running');
      const poolId = 'de3b021427c6fd8a3edba346';
      const workerIds = ['102f589cd0ae48224cee4c30', '80333be9b77e0b6f73cb5132'];
      expect(await client.workerPoolHeartbeats()).toEqual([
        {
          poolId,
          startedAt: 1795485815,
          heartbeatAt: 1795485815,
          jobNames: ['ok', 'sleep'],
          concurrency: 2,
          host: 'vm',
          pid: 18653,
          workerIds,
        },
      ]);
      const idle = { jobName: '', jobId: '', startedAt: 0, argsJson: '', checkin: '', checkinAt: 0 };
      expect(await client.workerObservations()).toEqual([
        { workerId: workerIds[0], isBusy: false, ...idle },
        {
          workerId: workerIds[1],
          isBusy: true,
          jobName: 'sleep',
          jobId: '94bdaa331e51a17c1a21b8f3',
          startedAt: 1795485815,
          argsJson: '{"ms":3500,"x":"\\u003cé\\u003e"}',
          checkin: 'half <way>',
          checkinAt: 1795485815,
        },
      ]);
    });

    it('show a pool whose heartbeat is gone, or no hash', async () => {
      await test.redis.sadd(test.keyspace.workerPools, 'b', 'a');
      await test.redis.set(test.keyspace.heartbeat('b'), 'no hash');
      const nothing = { startedAt: 0, heartbeatAt: 0, jobNames: [], concurrency: 0, host: '', pid: 0, workerIds: [] };
      expect(await client.workerPoolHeartbeats()).toEqual([
        { poolId: 'a', ...nothing },
        { poolId: 'b', ...nothing },
      ]);
    });
  });
});

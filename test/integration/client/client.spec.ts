import { Redis } from 'ioredis';
import { encodeNewJob, encodeQuarantined, Keyspace, spliceJob, UndecodableJobError, type JobChanges } from '#protocol';
import {
  Client,
  InvalidPageError,
  JobNotFoundError,
  JobNotMovedError,
  type JobPage,
  type MoveAllTally,
} from '../../../libs/engine/client/index.js';
import { Enqueuer } from '../../../libs/engine/enqueue/index.js';
import { describeRedis, disconnect, ownRedis, testRedis, type TestRedis } from '../../support/index.js';
import { dumpedValue, restoreDump, wireDump } from '../../support/wire-dump.js';

const NOW = 2_000_000_000;

describeRedis('Client', () => {
  let test: TestRedis;
  let client: Client;
  beforeEach(() => {
    test = testRedis();
    const clock = { nowMs: () => NOW * 1000 + 999, monotonicMs: () => 0 };
    client = new Client({ redis: test.redis, keyspace: test.keyspace, clock });
  });
  afterEach(() => test.close());

  const job = (id: string, changes: JobChanges = {}, name = 'mail') =>
    spliceJob(encodeNewJob({ name, id, t: 5, argsJson: JSON.stringify({ id }) }), changes);
  const unique = (id: string, uniqueKey: string, changes: JobChanges = {}) =>
    spliceJob(encodeNewJob({ name: 'mail', id, t: 5, argsJson: '{"a":1}', uniqueKey }), changes);
  const dead = (score: number | string, bytes: Buffer | string) => test.redis.zadd(test.keyspace.dead, score, bytes);
  const retry = (score: number, bytes: Buffer) => test.redis.zadd(test.keyspace.retry, score, bytes);
  const schedule = (score: number | string, bytes: Buffer | string) =>
    test.redis.zadd(test.keyspace.scheduled, score, bytes);
  const queue = (name = 'mail') => test.redis.lrange(test.keyspace.queue(name), 0, '-1');
  const deadMembers = () => test.redis.zrange(test.keyspace.dead, 0, '-1');
  const idsOf = ({ jobs }: JobPage) => jobs.map((entry) => (entry.kind === 'job' ? entry.job.id : entry.kind));
  const failed: JobChanges = { fails: 2, err: 'boom', failed_at: 9 };

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

  describe('pools and workers', () => {
    it('are told as Go tells them', async () => {
      await restoreDump(test, '07-running');
      const poolId = 'de3b021427c6fd8a3edba346';
      const workerIds = ['102f589cd0ae48224cee4c30', '80333be9b77e0b6f73cb5132'];
      expect(await client.workerPoolHeartbeats()).toEqual([
        {
          workerPoolId: poolId,
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
        { workerPoolId: 'a', ...nothing },
        { workerPoolId: 'b', ...nothing },
      ]);
    });
  });

  describe('pages', () => {
    it('are cut out of a set by score, then by bytes, and tell how many there are', async () => {
      for (const [score, id] of [
        [30, 'c'],
        [10, 'b'],
        [10, 'a'],
        [40, 'd'],
        [50, 'e'],
      ] as const) {
        await schedule(score, job(id));
      }
      const first = await client.scheduledJobs(1, 2);
      expect([first.count, idsOf(first)]).toEqual([5, ['a', 'b']]);
      expect(first.jobs[0]).toMatchObject({ at: 10, job: { name: 'mail', args: { id: 'a' } } });
      expect(idsOf(await client.scheduledJobs(2, 2))).toEqual(['c', 'd']);
      expect(idsOf(await client.scheduledJobs(3, 2))).toEqual(['e']);
      expect(idsOf(await client.scheduledJobs(4, 2))).toEqual([]);
      expect(idsOf(await client.scheduledJobs())).toEqual(['a', 'b', 'c', 'd', 'e']);
    });

    it('are there for retry and dead jobs as well', async () => {
      await retry(10, job('r', failed));
      await dead(20, job('d', failed));
      expect(await client.retryJobs()).toMatchObject({ count: 1, jobs: [{ at: 10, job: { id: 'r', fails: 2 } }] });
      expect(await client.deadJobs()).toMatchObject({ count: 1, jobs: [{ at: 20, job: { id: 'd', err: 'boom' } }] });
    });

    it('show what is no job as such, and any score', async () => {
      await dead('-inf', job('first'));
      await dead('9.5', 'not json');
      await dead('+inf', '{"id":"nameless","t":1}');
      const { jobs } = await client.deadJobs();
      expect(jobs.map(({ kind, at }) => [kind, at])).toEqual([
        ['job', -Infinity],
        ['undecodable', 9.5],
        ['undecodable', Infinity],
      ]);
      expect(jobs[1]).toMatchObject({ bytes: Buffer.from('not json'), reason: expect.any(String) as string });
    });

    it('show the jobs of a queue, the next to run first', async () => {
      await test.redis.lpush(test.keyspace.queue('mail'), job('a'), job('b'), 'not json', job('c'), job('d'));
      const first = await client.waitingJobs('mail', 1, 2);
      expect([first.count, idsOf(first)]).toEqual([5, ['a', 'b']]);
      expect(idsOf(await client.waitingJobs('mail', 2, 2))).toEqual(['undecodable', 'c']);
      expect(idsOf(await client.waitingJobs('mail', 3, 2))).toEqual(['d']);
      expect(await client.waitingJobs('none')).toEqual({ count: 0, jobs: [] });
    });

    it('become JSON that a controller can answer: arguments and texts, no bytes', async () => {
      await dead(10, job('a', failed));
      await dead(20, 'not json'.repeat(1_000));
      await test.redis.lpush(
        test.keyspace.ext.quarantine,
        encodeQuarantined({ reason: 'r', from: 'f', at: 7 }, Buffer.from('é')),
      );
      const { jobs } = JSON.parse(JSON.stringify(await client.deadJobs())) as { jobs: { job: object }[] };
      expect(jobs[0]?.job).toEqual({
        name: 'mail',
        id: 'a',
        t: 5,
        args: { id: 'a' },
        unique: false,
        fails: 2,
        err: 'boom',
        failedAt: 9,
        claimed: false,
        recovered: 0,
      });
      expect(jobs[1]).toEqual({
        kind: 'undecodable',
        at: 20,
        reason: 'it is no JSON object',
        text: 'not json'.repeat(125),
      });
      const { found } = await client.jobById('a');
      expect(JSON.stringify(found)).not.toContain('Buffer');
      expect(String(found?.job.argsBytes)).toBe('{"id":"a"}');
      const quarantined = JSON.parse(JSON.stringify(await client.quarantinedJobs())) as { entries: object[] };
      expect(quarantined.entries).toEqual([
        { digest: expect.any(String) as string, note: { reason: 'r', from: 'f', at: 7 }, text: 'é', isWhole: true },
      ]);
    });

    it('begin at 1, which the refusal of another says', async () => {
      await expect(client.deadJobs(0)).rejects.toThrow(
        'There is no page 0 of 20 entries: pages begin at 1, are whole numbers, and have 1 to 200 entries.',
      );
      await expect(client.deadJobs('2' as never)).rejects.toThrow("There is no page '2' of 20 entries");
    });

    it.each([
      [-1, 20],
      [0, 20],
      [1.5, 20],
      [Number.NaN, 20],
      [1, 0],
      [1, 201],
      [Number.MAX_SAFE_INTEGER, 2],
    ])('number %d of %d entries cannot be', async (page, size) => {
      await expect(client.deadJobs(page, size)).rejects.toThrow(InvalidPageError);
      await expect(client.waitingJobs('mail', page, size)).rejects.toThrow(InvalidPageError);
      await expect(client.quarantinedJobs(page, size)).rejects.toThrow(InvalidPageError);
    });
  });

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
      await schedule(10, unique('x', key, changes));
      await client.deleteScheduledJob(10, 'x');
      expect(await test.redis.exists(key)).toBe(1);
    });

    it('of a dead job leaves every uniqueness key alone: it may be another one’s by now', async () => {
      const key = `${test.keyspace.uniquePrefix('mail')}{"a":1}\n`;
      await test.redis.set(key, '1');
      await dead(10, unique('x', key));
      await client.deleteDeadJob(10, 'x');
      expect(await test.redis.exists(key)).toBe(1);
    });

    it('all dead jobs leaves none, and tells how many there were', async () => {
      await dead(1, job('a'));
      await dead(2, job('b'));
      expect(await client.deleteAllDeadJobs()).toBe(2);
      expect(await client.deleteAllDeadJobs()).toBe(0);
      expect(await deadMembers()).toEqual([]);
    });
  });

  describe('retrying a dead job', () => {
    it('leaves what Go leaves, but every byte of the arguments as it was', async () => {
      await restoreDump(test, '10-dead');
      await client.retryDeadJob(1795485883, '12d3068a791cc8304aa1c4f7');
      const [gos] = dumpedValue(wireDump('11-retrydead'), 'w:jobs:fail');
      const [ours] = await queue('fail');
      expect(JSON.parse(ours!)).toEqual({ ...(JSON.parse(gos!) as object), t: NOW });
      expect(ours).toBe(
        `{"name":"fail","id":"12d3068a791cc8304aa1c4f7","t":${NOW},"args":{"a":1,"s":"\\u003cx\\u003e"}}`,
      );
      expect(await deadMembers()).toEqual([]);
    });

    it('does not touch numbers, empty arrays or bytes that are no UTF-8', async () => {
      const args = Buffer.from('{"pi":3.141592653589793,"big":1234567890123456789,"none":[],"bytes":"\xff"}', 'latin1');
      const stored = (t: number, more: string) =>
        Buffer.concat([Buffer.from(`{"name":"mail","id":"x","t":${t},"args":`), args, Buffer.from(`${more}}`)]);
      await dead(10, stored(5, ',"fails":4,"err":"boom","failed_at":9,"_recovered":2'));
      await client.retryDeadJob(10, 'x');
      expect(await test.redis.lindexBuffer(test.keyspace.queue('mail'), 0)).toEqual(stored(NOW, ''));
    });

    it('puts it behind those that wait, also where nobody has known its type', async () => {
      await test.redis.lpush(test.keyspace.queue('mail'), job('first'));
      await dead(10, job('x', failed));
      await dead(10, job('y', failed, 'unheard of'));
      await client.retryDeadJob(10, 'x');
      await client.retryDeadJob(10, 'y');
      expect((await queue()).map((text) => (JSON.parse(text) as { id: string }).id)).toEqual(['x', 'first']);
      expect(await queue('unheard of')).toHaveLength(1);
      expect((await test.redis.smembers(test.keyspace.knownJobs)).sort()).toEqual(['mail', 'unheard of']);
    });

    it('marks a unique job that has run, so that it does not end another one’s uniqueness', async () => {
      const key = `${test.keyspace.uniquePrefix('mail')}{"a":1}\n`;
      await dead(10, unique('ran', key, failed));
      await dead(10, unique('never ran', key));
      await client.retryDeadJob(10, 'ran');
      await client.retryDeadJob(10, 'never ran');
      const marks = (await queue()).map((text) => (JSON.parse(text) as { _claimed?: boolean })._claimed);
      expect(marks).toEqual([undefined, true]);
    });

    it('says that there is none', async () => {
      await dead(10, job('a'));
      await expect(client.retryDeadJob(11, 'a')).rejects.toThrow(JobNotFoundError);
      await expect(client.retryDeadJob(10, 'b')).rejects.toThrow(JobNotFoundError);
      expect(await deadMembers()).toHaveLength(1);
    });

    it('keeps it where its queue is no list, and says so', async () => {
      await test.redis.set(test.keyspace.queue('mail'), 'no list');
      await dead(10, job('a'));
      const error: unknown = await client.retryDeadJob(10, 'a').catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(JobNotMovedError);
      expect(error).toMatchObject({ cause: { message: expect.stringMatching(/^WRONGTYPE/) as string } });
      expect(await deadMembers()).toHaveLength(1);
    });
  });

  describe('retrying all dead jobs', () => {
    const ids = async (name = 'mail') => (await queue(name)).map((text) => (JSON.parse(text) as { id: string }).id);

    it('moves what Go moves, and jobs of unknown types as well', async () => {
      const [gos] = dumpedValue(wireDump('24-retryall'), 'w:jobs:ok');
      const key = `${test.keyspace.uniquePrefix('ok')}{}\n`;
      await dead(1, Buffer.from(`{"name":"nosuch","id":"d1","t":1,"args":{"a":[]},"fails":4,"err":"x","failed_at":2}`));
      await dead(
        2,
        encodeNewJob({ name: 'ok', id: 'd2', t: 1, argsJson: '{"a":"\\u003cé\\u003e","z":1}', uniqueKey: key }),
      );
      expect(await client.retryAllDeadJobs()).toEqual({ moved: 2, kept: 0, isAborted: false });
      const [ours] = await queue('ok');
      expect(JSON.parse(ours!)).toEqual({ ...(JSON.parse(gos!) as object), t: NOW, unique_key: key });
      expect(await queue('nosuch')).toEqual([`{"name":"nosuch","id":"d1","t":${NOW},"args":{"a":[]}}`]);
      expect(await deadMembers()).toEqual([]);
      expect((await test.redis.smembers(test.keyspace.knownJobs)).sort()).toEqual(['nosuch', 'ok']);
    });

    it('goes in steps, the oldest first, and tells how far it is', async () => {
      for (let n = 0; n < 7; n += 1) await dead(n, job(`job${n}`));
      const told: MoveAllTally[] = [];
      await client.retryAllDeadJobs({ batchSize: 3, onProgress: (tally) => told.push(tally) });
      expect(told.map(({ moved }) => moved)).toEqual([3, 6, 7]);
      expect((await ids()).reverse()).toEqual(Array.from({ length: 7 }, (_, n) => `job${n}`));
    });

    it('passes over what cannot be moved, and moves all the others', async () => {
      await test.redis.set(test.keyspace.queue('broken'), 'no list');
      for (let n = 0; n < 10; n += 1) {
        await dead(n, n % 3 === 0 ? job(`job${n}`) : n % 3 === 1 ? `not json ${n}` : job(`job${n}`, {}, 'broken'));
      }
      expect(await client.retryAllDeadJobs({ batchSize: 2 })).toEqual({ moved: 4, kept: 6, isAborted: false });
      expect(await deadMembers()).toHaveLength(6);
      expect(await ids()).toHaveLength(4);
    });

    it('leaves what dies later', async () => {
      await dead(NOW, job('now'));
      await dead(NOW + 1, job('later'));
      await client.retryAllDeadJobs();
      expect(await ids()).toEqual(['now']);
    });

    it('ends after a step when it is told to', async () => {
      for (let n = 0; n < 10; n += 1) await dead(n, job(`job${n}`));
      const controller = new AbortController();
      const tally = await client.retryAllDeadJobs({
        batchSize: 4,
        signal: controller.signal,
        onProgress: () => controller.abort(),
      });
      expect(tally).toEqual({ moved: 4, kept: 0, isAborted: true });
      expect(await deadMembers()).toHaveLength(6);
    });
  });

  describe('running a job now', () => {
    it('moves a scheduled one to its queue with the time of now', async () => {
      await schedule(9_999_999_999, job('a'));
      await client.runScheduledJobNow(9_999_999_999, 'a');
      expect(await queue()).toEqual([String(spliceJob(job('a'), { t: NOW }))]);
      expect(await test.redis.zcard(test.keyspace.scheduled)).toBe(0);
      await expect(client.runScheduledJobNow(9_999_999_999, 'a')).rejects.toThrow(JobNotFoundError);
    });

    it('moves a failed one with its attempts so far', async () => {
      await retry(9_999_999_999, job('a', failed));
      await client.runRetryJobNow(9_999_999_999, 'a');
      expect(await queue()).toEqual([String(spliceJob(job('a', failed), { t: NOW }))]);
      await expect(client.runRetryJobNow(9_999_999_999, 'a')).rejects.toThrow(JobNotFoundError);
    });

    it('marks a periodic tick as fired, so that it does not fire again at its time', async () => {
      const id = 'periodic:mail:* * * * *:9999999960';
      await schedule(9_999_999_960, job(id));
      await client.runScheduledJobNow(9_999_999_960, id);
      expect(await queue()).toHaveLength(1);
      expect(await test.redis.ttl(test.keyspace.ext.fired(id))).toBe(3_600);
    });

    it('drops a periodic tick that has fired already', async () => {
      const id = 'periodic:mail:* * * * *:9999999960';
      await test.redis.set(test.keyspace.ext.fired(id), '1');
      await schedule(9_999_999_960, job(id));
      await expect(client.runScheduledJobNow(9_999_999_960, id)).rejects.toThrow(JobNotFoundError);
      expect([await queue(), await test.redis.zcard(test.keyspace.scheduled)]).toEqual([[], 0]);
    });

    it('lets a dead periodic tick run again', async () => {
      const id = 'periodic:mail:* * * * *:9999999960';
      await test.redis.set(test.keyspace.ext.fired(id), '1');
      await dead(10, job(id, failed));
      await client.retryDeadJob(10, id);
      expect(await queue()).toHaveLength(1);
    });
  });

  it('pauses and resumes a job type, and tells whether that changed anything', async () => {
    expect(await client.isPaused('mail')).toBe(false);
    expect(await client.pause('mail')).toBe(true);
    expect(await client.pause('mail')).toBe(false);
    expect(await client.isPaused('mail')).toBe(true);
    expect(await test.redis.get(test.keyspace.paused('mail'))).toBe('1');
    expect(await client.resume('mail')).toBe(true);
    expect(await client.resume('mail')).toBe(false);
    expect(await client.isPaused('mail')).toBe(false);
  });

  describe('finding a job by its id', () => {
    beforeEach(async () => {
      await test.redis.sadd(test.keyspace.knownJobs, 'mail', 'sync');
      await test.redis.sadd(test.keyspace.workerPools, 'pool1');
      await test.redis.hset(test.keyspace.ext.pools, 'pool2', 'pool2');
      await test.redis.lpush(test.keyspace.queue('mail'), job('in queue'), job('other'));
      await test.redis.lpush(test.keyspace.inProgress('sync', 'pool1'), job('running', {}, 'sync'));
      await test.redis.lpush(test.keyspace.inProgress('sync', 'pool2'), job('running too', {}, 'sync'));
      await schedule(10, job('scheduled'));
      await retry(20, job('retry', failed));
      await dead(30, job('dead', failed));
    });

    it.each([
      ['in queue', { state: 'waiting' }],
      ['running', { state: 'running', workerPoolId: 'pool1' }],
      ['running too', { state: 'running', workerPoolId: 'pool2' }],
      ['scheduled', { state: 'scheduled', at: 10 }],
      ['retry', { state: 'retry', at: 20 }],
      ['dead', { state: 'dead', at: 30 }],
    ])('finds the one that is %s', async (id, place) => {
      expect(await client.jobById(id)).toMatchObject({ found: { place, job: { id } }, isComplete: true });
    });

    it('is not misled by an id that stands in arguments', async () => {
      await schedule(11, spliceJob(encodeNewJob({ name: 'mail', id: 'x', t: 1, argsJson: '{"of":"dead"}' }), {}));
      expect(await client.jobById('dead')).toMatchObject({ found: { place: { state: 'dead' } } });
    });

    it('finds an id that is written with escapes', async () => {
      const id = 'periodic:mail:<é> "x"\\:1';
      await dead(40, job(id));
      expect(await client.jobById(id)).toMatchObject({ found: { job: { id } } });
    });

    it('says that there is none, having looked at everything', async () => {
      expect(await client.jobById('nowhere')).toEqual({ found: undefined, isComplete: true, scanned: 7 });
    });

    it('says that it stopped early', async () => {
      for (let n = 0; n < 50; n += 1) await test.redis.lpush(test.keyspace.queue('mail'), job(`job${n}`));
      expect(await client.jobById('dead', { maxEntries: 20 })).toEqual({
        found: undefined,
        isComplete: false,
        scanned: 20,
      });
    });

    it('finds one deep in a long queue', async () => {
      const jobs = Array.from({ length: 2_500 }, (_, n) => job(`job${n}`));
      await test.redis.lpush(test.keyspace.queue('sync'), ...jobs);
      expect(await client.jobById('job3')).toMatchObject({ found: { place: { state: 'waiting' } } });
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

  it('tells the failed attempts of a job, the oldest first', async () => {
    const attempt = (n: number) => ({ attempt: n, at: n, error: { name: 'Error', message: `no ${n}` }, poolId: 'p' });
    const key = test.keyspace.ext.attempts('a');
    await test.redis.rpush(key, JSON.stringify(attempt(1)), 'not json', 'null', JSON.stringify(attempt(2)));
    expect(await client.attempts('a')).toEqual([attempt(1), attempt(2)]);
    expect(await client.attempts('none')).toEqual([]);
  });

  describe('the quarantine', () => {
    const note = (reason: string) => ({ reason, from: test.keyspace.queue('mail'), at: 7 });
    const quarantine = (reason: string, bytes: Buffer | string) =>
      test.redis.lpush(test.keyspace.ext.quarantine, encodeQuarantined(note(reason), Buffer.from(bytes)));

    it('shows what was set aside, the newest first, with its reason', async () => {
      await quarantine('first', 'not json');
      await quarantine('second', Buffer.from([0xff, 0x0a, 0x00]));
      const page = await client.quarantinedJobs(1, 1);
      expect(page).toMatchObject({
        count: 2,
        entries: [{ note: note('second'), bytes: Buffer.from([0xff, 0x0a, 0x00]) }],
      });
      expect((await client.quarantinedJobs(2, 1)).entries).toMatchObject([
        { note: note('first'), bytes: Buffer.from('not json'), isWhole: true },
      ]);
    });

    it('shows no more than the beginning of something large', async () => {
      await quarantine('large', Buffer.alloc(1_000_000, 'x'));
      const [entry] = (await client.quarantinedJobs()).entries;
      expect(entry).toMatchObject({ note: note('large'), isWhole: false });
      expect(entry!.bytes.length).toBeLessThan(65_537);
    });

    it('loses the entry that is deleted, and no other', async () => {
      for (let n = 0; n < 250; n += 1) await quarantine(`no ${n}`, `entry ${n}`);
      const entry = (await client.quarantinedJobs(250, 1)).entries[0]!;
      await client.deleteQuarantinedJob(entry.digest);
      expect(await client.quarantinedJobs(1, 1)).toMatchObject({ count: 249 });
      expect((await client.quarantinedJobs(249, 1)).entries).toMatchObject([{ bytes: Buffer.from('entry 1') }]);
      await expect(client.deleteQuarantinedJob(entry.digest)).rejects.toThrow(JobNotFoundError);
    });

    it('gives a job back to its queue', async () => {
      await quarantine('its queue was no list', job('a'));
      const [entry] = (await client.quarantinedJobs()).entries;
      await client.putBackQuarantinedJob(entry!.digest);
      expect(await queue()).toEqual([String(spliceJob(job('a'), { t: NOW }))]);
      expect(await test.redis.smembers(test.keyspace.knownJobs)).toEqual(['mail']);
      await expect(client.putBackQuarantinedJob(entry!.digest)).rejects.toThrow(JobNotFoundError);
    });

    it('keeps what is no job, and takes a mended one instead', async () => {
      await quarantine('it is no valid JSON', '{"name":"mail"');
      const [entry] = (await client.quarantinedJobs()).entries;
      await expect(client.putBackQuarantinedJob(entry!.digest)).rejects.toThrow(UndecodableJobError);
      expect(await client.quarantinedJobs()).toMatchObject({ count: 1 });
      await client.putBackQuarantinedJob(entry!.digest, job('mended'));
      expect(await queue()).toEqual([String(spliceJob(job('mended'), { t: NOW }))]);
      expect(await client.quarantinedJobs()).toEqual({ count: 0, entries: [] });
    });

    it('keeps a job whose queue is still no list', async () => {
      await test.redis.set(test.keyspace.queue('mail'), 'no list');
      await quarantine('its queue was no list', job('a'));
      const [entry] = (await client.quarantinedJobs()).entries;
      await expect(client.putBackQuarantinedJob(entry!.digest)).rejects.toThrow(JobNotMovedError);
      expect(await client.quarantinedJobs()).toMatchObject({ count: 1 });
    });
  });
});

describeRedis('Client, at the memory limit', () => {
  it('pauses, resumes, deletes and retries all the same', async () => {
    const server = await ownRedis();
    const redis = new Redis(server.url);
    const keyspace = new Keyspace('full');
    const client = new Client({ redis, keyspace });
    const job = (id: string) => encodeNewJob({ name: 'mail', id, t: 5, argsJson: 'null' });
    await redis.zadd(keyspace.dead, 1, job('a'), 2, job('b'), 3, job('c'));
    await redis.lpush(keyspace.ext.quarantine, encodeQuarantined({ reason: 'r', from: 'f', at: 1 }, job('d')));
    await redis.config('SET', 'maxmemory', '1');
    await expect(redis.set('any', 'key')).rejects.toThrow(/^OOM/);
    await client.pause('mail');
    expect(await client.isPaused('mail')).toBe(true);
    await client.resume('mail');
    await client.retryDeadJob(1, 'a');
    await client.deleteDeadJob(2, 'b');
    expect(await client.retryAllDeadJobs()).toMatchObject({ moved: 1 });
    await client.putBackQuarantinedJob((await client.quarantinedJobs()).entries[0]!.digest);
    expect(await client.waitingJobs('mail')).toMatchObject({ count: 3 });
    await disconnect(redis);
    await server.kill();
  });
});

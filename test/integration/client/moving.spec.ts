import { encodeNewJob, spliceJob } from '#protocol';
import {
  JobNotFoundError,
  JobNotMovedError,
  type Client,
  type MoveAllTally,
} from '../../../libs/engine/client/index.js';
import { describeRedis, type TestRedis } from '../../support/index.js';
import { FAILED, job, NOW, storedIn, uniqueJob } from '../../support/stored-jobs.js';
import { dumpedValue, restoreDump, wireDump } from '../../support/wire-dump.js';
import { eachWithClient } from './each-with-client.js';

describeRedis('moving jobs by the client', () => {
  let test: TestRedis;
  let client: Client;
  eachWithClient((given) => ({ test, client } = given));

  const { dead, deadMembers, queue, retry, schedule } = storedIn(() => test);

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
      await dead(10, job('x', FAILED));
      await dead(10, job('y', FAILED, 'unheard of'));
      await client.retryDeadJob(10, 'x');
      await client.retryDeadJob(10, 'y');
      expect((await queue()).map((text) => (JSON.parse(text) as { id: string }).id)).toEqual(['x', 'first']);
      expect(await queue('unheard of')).toHaveLength(1);
      expect((await test.redis.smembers(test.keyspace.knownJobs)).sort()).toEqual(['mail', 'unheard of']);
    });

    it('marks a unique job that has run, so that it does not end another one’s uniqueness', async () => {
      const key = `${test.keyspace.uniquePrefix('mail')}{"a":1}\n`;
      await dead(10, uniqueJob('ran', key, FAILED));
      await dead(10, uniqueJob('never ran', key));
      await client.retryDeadJob(10, 'ran');
      await client.retryDeadJob(10, 'never ran');
      const marks = (await queue()).map((text) => JSON.parse(text) as { _claimed?: boolean; unique?: boolean });
      expect(marks.map(({ _claimed, unique }) => [_claimed, unique])).toEqual([
        [undefined, true],
        [true, undefined],
      ]);
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

    it('moves a FAILED one with its attempts so far', async () => {
      await retry(9_999_999_999, job('a', FAILED));
      await client.runRetryJobNow(9_999_999_999, 'a');
      expect(await queue()).toEqual([String(spliceJob(job('a', FAILED), { t: NOW }))]);
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
      await dead(10, job(id, FAILED));
      await client.retryDeadJob(10, id);
      expect(await queue()).toHaveLength(1);
    });
  });
});

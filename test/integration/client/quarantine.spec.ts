import { encodeQuarantined, spliceJob, UndecodableJobError } from '#protocol';
import { JobNotFoundError, JobNotMovedError, type Client } from '../../../libs/engine/client/index.js';
import { describeRedis, type TestRedis } from '../../support/index.js';
import { job, NOW, storedIn } from '../../support/stored-jobs.js';
import { eachWithClient } from './each-with-client.js';

describeRedis("the client's quarantine", () => {
  let test: TestRedis;
  let client: Client;
  eachWithClient((given) => ({ test, client } = given));

  const { queue } = storedIn(() => test);

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

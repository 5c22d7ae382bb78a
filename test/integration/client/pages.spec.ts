import { encodeQuarantined } from '#protocol';
import { InvalidPageError, type Client } from '../../../libs/engine/client/index.js';
import { describeRedis, type TestRedis } from '../../support/index.js';
import { FAILED, idsOf, job, storedIn } from '../../support/stored-jobs.js';
import { eachWithClient } from './each-with-client.js';

describeRedis("the client's pages", () => {
  let test: TestRedis;
  let client: Client;
  eachWithClient((given) => ({ test, client } = given));

  const { dead, retry, schedule } = storedIn(() => test);

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
      await retry(10, job('r', FAILED));
      await dead(20, job('d', FAILED));
      expect(await client.retryJobs()).toMatchObject({ count: 1, jobs: [{ at: 10, job: { id: 'r', fails: 2 } }] });
      expect(await client.deadJobs()).toMatchObject({ count: 1, jobs: [{ at: 20, job: { id: 'd', err: 'boom' } }] });
    });

    it('show integers that a number would round digit by digit, as text, so that no neighbour is repaired', async () => {
      const args = '{"id":9007199254740993,"rows":[{"n":-12345678901234567890}],"at":1700000000000000000,"n":7}';
      await dead(20, `{"name":"mail","id":"d","t":1,"args":${args}}`);
      const { jobs } = await client.deadJobs();
      const shown = { id: '9007199254740993', rows: [{ n: '-12345678901234567890' }], at: 1.7e18, n: 7 };
      expect(jobs).toMatchObject([{ job: { args: shown, argsBytes: Buffer.from(args) } }]);
      expect(JSON.parse(JSON.stringify(jobs))).toMatchObject([{ job: { args: shown } }]);
      const { found } = await client.jobById('d');
      expect(found?.job.args).toEqual(shown);
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
      await dead(10, job('a', FAILED));
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

    it('say what stands in the place of a set, and do not call it empty', async () => {
      await test.redis.set(test.keyspace.dead, 'something else');
      const refusal = {
        code: 'WORK_REDIS_REFUSED',
        message: expect.stringMatching(/to read .*:dead: WRONGTYPE/) as string,
      };
      await expect(client.deadJobs()).rejects.toMatchObject(refusal);
      await expect(client.deleteDeadJob(1, 'a')).rejects.toMatchObject(refusal);
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
});

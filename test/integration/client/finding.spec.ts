import { encodeNewJob, spliceJob } from '#protocol';
import type { Client } from '../../../libs/engine/client/index.js';
import { describeRedis, type TestRedis } from '../../support/index.js';
import { FAILED, job, storedIn } from '../../support/stored-jobs.js';
import { eachWithClient } from './each-with-client.js';

describeRedis('finding a job by the client', () => {
  let test: TestRedis;
  let client: Client;
  eachWithClient((given) => ({ test, client } = given));

  const { dead, retry, schedule } = storedIn(() => test);

  describe('finding a job by its id', () => {
    beforeEach(async () => {
      await test.redis.sadd(test.keyspace.knownJobs, 'mail', 'sync');
      await test.redis.sadd(test.keyspace.workerPools, 'pool1');
      await test.redis.hset(test.keyspace.ext.pools, 'pool2', 'pool2');
      await test.redis.lpush(test.keyspace.queue('mail'), job('in queue'), job('other'));
      await test.redis.lpush(test.keyspace.inProgress('sync', 'pool1'), job('running', {}, 'sync'));
      await test.redis.lpush(test.keyspace.inProgress('sync', 'pool2'), job('running too', {}, 'sync'));
      await schedule(10, job('scheduled'));
      await retry(20, job('retry', FAILED));
      await dead(30, job('dead', FAILED));
    });

    it.each([
      ['in queue', { state: 'waiting' }],
      ['running', { state: 'running', poolId: 'pool1' }],
      ['running too', { state: 'running', poolId: 'pool2' }],
      ['scheduled', { state: 'scheduled', at: 10 }],
      ['retry', { state: 'retry', at: 20 }],
      ['dead', { state: 'dead', at: 30 }],
    ])('finds the one that is %s', async (id, place) => {
      expect(await client.jobById(id)).toMatchObject({ found: { place, job: { id } }, isComplete: true });
    });

    it('finds one whose time is infinite, as Redis can hold it', async () => {
      await schedule('+inf', job('never'));
      expect(await client.jobById('never')).toMatchObject({ found: { place: { state: 'scheduled', at: Infinity } } });
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

  it('tells the failed attempts of a job, the oldest first', async () => {
    const attempt = (n: number) => ({ attempt: n, at: n, error: { name: 'Error', message: `no ${n}` }, poolId: 'p' });
    const key = test.keyspace.ext.attempts('a');
    await test.redis.rpush(key, JSON.stringify(attempt(1)), 'not json', 'null', JSON.stringify(attempt(2)));
    expect(await client.attempts('a')).toEqual([attempt(1), attempt(2)]);
    expect(await client.attempts('none')).toEqual([]);
  });
});

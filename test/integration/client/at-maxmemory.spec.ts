import { Redis } from 'ioredis';
import { encodeQuarantined, Keyspace } from '#protocol';
import { Client } from '../../../libs/engine/client/index.js';
import { describeRedis, disconnect, ownRedis } from '../../support/index.js';
import { job } from '../../support/stored-jobs.js';

describeRedis('the client on a Redis that has reached maxmemory', () => {
  it('pauses, resumes, deletes and retries all the same', async () => {
    const server = await ownRedis();
    const redis = new Redis(server.url);
    const keyspace = new Keyspace('full');
    const client = new Client({ redis, keyspace });
    await redis.zadd(keyspace.dead, 1, job('a'), 2, job('b'), 3, job('c'));
    await redis.lpush(keyspace.ext.quarantine, encodeQuarantined({ reason: 'r', from: 'f', at: 1 }, job('d')));
    await redis.config('SET', 'maxmemory', '1');
    await expect(redis.set('any', 'key')).rejects.toThrow(/^OOM/);
    await client.pause('mail', { mayBeUnknown: true });
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

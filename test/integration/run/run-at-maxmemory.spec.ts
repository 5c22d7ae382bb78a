import { Redis } from 'ioredis';
import { Keyspace, decodeJob } from '#protocol';
import { systemClock } from '../../../libs/engine/clock.js';
import { Observer } from '../../../libs/engine/run/observer/observer.js';
import { Suspects } from '../../../libs/engine/run/before-start/suspects.js';
import { UniqueClaim } from '../../../libs/engine/run/before-start/unique-claim.js';
import { HeldJobInTest, jobBytes } from '../../support/held-job.js';
import { describeRedis, disconnect, ownRedis, type OwnRedis } from '../../support/index.js';

describeRedis('a run on a Redis that has reached maxmemory', () => {
  const keyspace = new Keyspace('full');
  const report = () => {};
  let server: OwnRedis;
  let redis: Redis;

  beforeAll(async () => {
    server = await ownRedis();
    redis = new Redis(server.url);
  });
  beforeEach(async () => {
    await redis.config('SET', 'maxmemory', '0');
    await redis.flushall();
  });
  afterAll(async () => {
    await disconnect(redis);
    await server.kill();
  });

  async function fill() {
    await redis.config('SET', 'maxmemory', '1');
    await expect(redis.set('any', 'value')).rejects.toThrow(/OOM/);
  }

  it('claims a unique job', async () => {
    const key = `${keyspace.uniquePrefix('sync')}{}\n`;
    const held = new HeldJobInTest(jobBytes({ args: {}, unique: true, unique_key: key }));
    await redis.lpush(keyspace.inProgress('sync', held.poolId), held.bytes);
    await redis.set(key, '1');
    await fill();
    const document = await new UniqueClaim({ redis, keyspace, report }).claim(held, decodeJob(held.bytes));
    expect(document.claimed).toBe(true);
    expect(await redis.exists(key)).toBe(0);
  });

  it('names a suspect beside those that run', async () => {
    const held = new HeldJobInTest(jobBytes({ id: 'a', _recovered: 2 }));
    await redis.sadd(keyspace.workerPools, held.poolId);
    await redis.hset(keyspace.ext.suspect(held.poolId), 'b', 1);
    await fill();
    const suspects = new Suspects({ redis, keyspace, clock: systemClock, report });
    const named = await suspects.run(held, decodeJob(held.bytes), () => redis.hkeys(keyspace.ext.suspect(held.poolId)));
    expect(named.sort()).toEqual(['a', 'b']);
  });

  it('shows what runs', async () => {
    const observer = new Observer({ redis, keyspace, workerIds: () => ['w1'], clock: systemClock, report });
    await fill();
    observer.started(decodeJob(jobBytes({ id: 'a' })), 0);
    await observer.flush();
    expect(await redis.hget(keyspace.observation('w1'), 'job_id')).toBe('a');
  });
});

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { Enqueuer, RedisRefusedError, WorkerPool, type WorkEvent, type WorkerPoolOptions } from '#engine';
import { Keyspace } from '#protocol';
import { FaultyProxy } from '../../support/faulty-proxy.js';
import { describeRedis, ownRedis, waitFor, type OwnRedis } from '../../support/index.js';

const keyspace = new Keyspace('shop');
const NOBODY = ['127.0.0.1', '1'] as const;

describeRedis('A worker pool that Redis does not let start', () => {
  let server: OwnRedis;
  let admin: Redis;
  let events: WorkEvent[];
  const pools: WorkerPool[] = [];

  function newPool(options: Partial<WorkerPoolOptions> = {}): WorkerPool {
    const report = (event: WorkEvent) => void events.push(event);
    const common = { namespace: 'shop', connection: server.url, heartbeatThread: false, report };
    const pool = new WorkerPool({ ...common, ...options }).job('mail', {}, () => undefined);
    pools.push(pool);
    return pool;
  }
  const refusalOf = async (pool: WorkerPool): Promise<RedisRefusedError> => {
    const error: unknown = await pool.start().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(RedisRefusedError);
    return error as RedisRefusedError;
  };
  const refusedAt = () => `Redis at 127.0.0.1:${server.port} refused the start of the worker pool: `;
  const runsJobs = async (redis: Redis) => {
    const enqueuer = new Enqueuer({ redis, keyspace });
    const { id } = await enqueuer.enqueue('mail', null);
    await waitFor('the job', () => events.some((event) => event.type === 'job_finished' && event.jobId === id));
    await enqueuer.close();
  };

  beforeEach(async () => {
    events = [];
    server = await ownRedis();
    admin = new Redis(server.url);
  });
  afterEach(async () => {
    await Promise.all(pools.splice(0).map((pool) => pool.stop({ gracePeriodMs: 0 })));
    admin.disconnect();
    await server.kill();
  });

  it('says that it is a replica, and starts when it is a master again', async () => {
    await admin.replicaof(...NOBODY);
    const pool = newPool({ whenRedisIsDown: 'wait' });
    const { message, cause } = await refusalOf(pool);
    expect(message).toBe(
      `${refusedAt()}READONLY You can't write against a read only replica. ` +
        'This server is a replica, which takes no writes: connect to its master, or through Sentinel.',
    );
    expect(cause).toMatchObject({ name: 'ReplyError' });
    await admin.replicaof('NO', 'ONE');
    await pool.start();
    await runsJobs(admin);
  });

  it('goes on when the master that it started on was a replica for a while', async () => {
    await newPool().start();
    await admin.replicaof(...NOBODY);
    await waitFor('the refused beat', () => events.some(({ type }) => type === 'beat_refused'));
    await admin.replicaof('NO', 'ONE');
    await waitFor('a beat', () => events.some(({ type }) => type === 'beat_accepted_again'));
    await runsJobs(admin);
  });

  it.each([
    ['worker_pools', keyspace.workerPools, 'set'],
    ['ext:pools', keyspace.ext.pools, 'hash'],
    ['known_jobs', keyspace.knownJobs, 'set'],
  ])('names the key that is of another type: %s', async (_, key, expected) => {
    await admin.set(key, 'something else');
    const { message, ...error } = await refusalOf(newPool());
    expect(message).toContain(`${refusedAt()}WRONGTYPE`);
    expect(message).toContain(`Key "${key}" holds a string, and a ${expected} belongs there. Another program uses`);
    expect(error).toMatchObject({ key, code: 'WORK_REDIS_REFUSED', target: `127.0.0.1:${server.port}` });
    expect(await admin.keys('shop:*')).toEqual([key]);
  });

  it('names what its user may not do', async () => {
    await admin.call('ACL', 'SETUSER', 'worker', 'on', '>word', '~*', '+@all', '-time');
    const { message } = await refusalOf(newPool({ connection: `redis://worker:word@127.0.0.1:${server.port}` }));
    expect(message).toMatch(/NOPERM .*'time'.*ACL SETUSER/);
    expect(message).not.toContain('word@');
  });

  it('leaves nothing of a pool that may not become a member', async () => {
    await admin.call('ACL', 'SETUSER', 'outsider', 'on', '>word', '~*', '&*', '+@all', '-sadd');
    const { message } = await refusalOf(newPool({ connection: `redis://outsider:word@127.0.0.1:${server.port}` }));
    expect(message).toMatch(/NOPERM|ACL failure|can't run this command/);
    expect(await admin.keys('shop:*')).toEqual([]);
  });

  it('says that Redis cannot write to its disk', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'nestjs-work-'));
    const full = await ownRedis(['--save', '3600', '1', '--dir', folder]);
    const redis = new Redis(full.url);
    await redis.set('any', 'value');
    rmSync(folder, { recursive: true });
    await redis.call('BGSAVE');
    await waitFor('the failure', async () => (await redis.info('persistence')).includes('rdb_last_bgsave_status:err'));
    const { message } = await refusalOf(newPool({ connection: full.url }));
    expect(message).toMatch(/MISCONF .*look at its log and its disk\.$/);
    redis.disconnect();
    await full.kill();
  });

  it('asks again where the connection breaks while it registers', async () => {
    const proxy = new FaultyProxy(server.url);
    const pool = newPool({ connection: await proxy.listen() });
    const happened = proxy.next('lose reply', keyspace.ext.pools);
    const started = pool.start();
    await happened;
    await started;
    await runsJobs(admin);
    expect(await admin.smembers(keyspace.workerPools)).toEqual([pool.poolId]);
    await pool.stop();
    await proxy.close();
  });
});

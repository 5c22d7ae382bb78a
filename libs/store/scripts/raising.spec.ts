import { describeRedis, testRedis, type TestRedis } from '../../../test/support/index.js';
import { beat } from './beat.js';
import { beginReap } from './begin-reap.js';
import { dropLockFields } from './drop-lock-fields.js';
import { healLocks } from './heal-locks.js';
import { moveDue } from './move-due.js';
import { quarantineWaiting } from './quarantine-waiting.js';
import { registerPool } from './register-pool.js';
import { removePool } from './remove-pool.js';

const heartbeat = {
  heartbeatAt: 1,
  startedAt: 1,
  jobNames: ['mail'],
  concurrency: 1,
  workerIds: ['w'],
  host: 'h',
  pid: 1,
};

type Call = (test: TestRedis) => Promise<unknown>;

const entry = Buffer.from('entry');
const calls = {
  'begin-reap': ({ redis, keyspace }) => beginReap(redis, keyspace, 'p', { kind: 'dead', heartbeatAt: '1' }),
  beat: ({ redis, keyspace }) => beat(redis, keyspace, 'p', heartbeat),
  'register-pool': ({ redis, keyspace }) =>
    registerPool(redis, keyspace, { poolId: 'p', olderIds: [], heartbeat, begins: true, maxConcurrency: new Map() }),
  'remove-pool': ({ redis, keyspace }) =>
    removePool(redis, keyspace, { cause: 'stopped', poolId: 'p', olderIds: [], jobNames: ['mail'] }),
  'heal-locks': ({ redis, keyspace }) => healLocks(redis, keyspace, ['mail']),
  'drop-lock-fields': ({ redis, keyspace }) => dropLockFields(redis, keyspace, [{ jobName: 'mail', poolId: 'gone' }]),
  'quarantine-waiting': ({ redis, keyspace }) =>
    quarantineWaiting(redis, keyspace, keyspace.scheduled, [{ entry, quarantined: entry }]),
  'move-due': ({ redis, keyspace }) =>
    moveDue(redis, keyspace, keyspace.scheduled, [{ name: 'mail', entry, job: entry, tickId: undefined }]),
} satisfies Record<string, Call>;

const wrongTypes: readonly (readonly [keyof typeof calls, string])[] = [
  ['begin-reap', 'known_jobs'],
  ['begin-reap', 'worker_pools'],
  ['begin-reap', 'ext:pools'],
  ['begin-reap', 'ext:reaping'],
  ['beat', 'worker_pools:p'],
  ['register-pool', 'worker_pools:p'],
  ['remove-pool', 'worker_pools'],
  ['remove-pool', 'ext:pools'],
  ['heal-locks', 'ext:reaping'],
  ['drop-lock-fields', 'ext:pools'],
  ['quarantine-waiting', 'scheduled'],
  ['move-due', 'scheduled'],
];

describeRedis('A script', () => {
  let test: TestRedis;
  beforeEach(() => void (test = testRedis()));
  afterEach(() => test.close());

  /** Every key and what it holds, the scratch key that each of these scripts deletes with its first write included. */
  async function everything(): Promise<readonly string[]> {
    const keys = (await test.redis.keys(`${test.namespace}:*`)).toSorted((a, b) => a.localeCompare(b));
    return await Promise.all(keys.map(async (key) => `${key} ${(await test.redis.dumpBuffer(key)).toString('hex')}`));
  }

  async function prepare(): Promise<void> {
    const { redis, keyspace } = test;
    await redis.set(keyspace.ext.scratch, 'not deleted');
    await redis.set(keyspace.ext.call('p'), '7');
    await redis.sadd(keyspace.workerPools, 'p');
    await redis.hset(keyspace.ext.pools, 'p', 'p');
    await redis.sadd(keyspace.knownJobs, 'mail');
    await redis.hset(keyspace.heartbeat('p'), 'heartbeat_at', '1');
    await redis.hset(keyspace.lockInfo('mail'), 'gone', '2');
  }

  it.each(wrongTypes)('%s raises on a %s of another type before it has written anything', async (name, key) => {
    await prepare();
    await test.redis.set(`${test.namespace}:${key}`, 'of another type');
    const before = await everything();
    await expect(calls[name](test)).rejects.toThrow('WRONGTYPE');
    expect(await everything()).toEqual(before);
  });

  it('quarantine-waiting says what it has set aside where the quarantine refuses the next, which stays', async () => {
    const { redis, keyspace } = test;
    await redis.zadd(keyspace.retry, 1, 'a', 2, 'b');
    await redis.set(keyspace.ext.quarantine, 'of another type');
    const outcasts = ['a', 'b'].map((text) => ({ entry: Buffer.from(text), quarantined: Buffer.from(text) }));
    const reply = await quarantineWaiting(redis, keyspace, keyspace.retry, outcasts);
    expect(reply).toEqual({ done: [], refused: expect.objectContaining({ name: 'ReplyError' }) });
    expect(await redis.zrange(keyspace.retry, '0', '-1')).toEqual(['a', 'b']);
  });

  it('begin-reap names the job of an orphan among those that it may hold', async () => {
    const { redis, keyspace } = test;
    await redis.rpush(keyspace.inProgress('other', 'o'), 'x');
    const list = { jobName: 'other', oldestSha1: '' };
    const reply = await beginReap(redis, keyspace, 'o', { kind: 'orphan', list });
    expect(reply).toMatchObject({ kind: 'reaping', jobNames: ['other'] });
    expect(await redis.smembers(keyspace.knownJobs)).toEqual(['other']);
  });
});

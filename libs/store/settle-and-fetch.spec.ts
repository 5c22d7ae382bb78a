import { testRedis, type TestRedis } from '../../test/support/index.js';
import { settleAndFetch, type SettleAndFetchCall } from './settle-and-fetch.js';
import type { KnownReply, SettleAndFetchReply } from './settle-and-fetch-reply.js';
import type { Settlement } from './settlement.js';

const POOL = 'b0'.repeat(12);
const SUCCEEDED: Settlement = { kind: 'succeeded' };

describe('settleAndFetch', () => {
  let test: TestRedis;
  let number: number;
  beforeEach(async () => {
    test = testRedis();
    number = 0;
    await test.redis.sadd(test.keyspace.workerPools, POOL);
  });
  afterEach(() => test.close());

  const send = (call: Partial<SettleAndFetchCall>): Promise<SettleAndFetchReply> =>
    settleAndFetch(test.redis, test.keyspace, {
      poolId: POOL,
      number: ++number,
      wanted: 0,
      ahead: 0,
      seed: 1,
      queues: [{ name: 'mail', priority: 1 }],
      settles: [],
      ...call,
    });
  const known = async (call: Partial<SettleAndFetchCall>) => (await send(call)) as KnownReply;
  const push = (name: string, ...jobs: (string | Buffer)[]) => test.redis.lpush(test.keyspace.queue(name), ...jobs);
  const settle = (job: string, settlement: Settlement = SUCCEEDED) => ({
    queueName: 'mail',
    bytes: Buffer.from(job),
    settlement,
  });
  const texts = (reply: KnownReply) => reply.jobs.map(({ bytes }) => String(bytes));
  const inProgress = () => test.redis.lrange(test.keyspace.inProgress('mail', POOL), 0, -1);
  const waiting = () => test.redis.lrange(test.keyspace.queue('mail'), 0, -1);
  const lock = () => test.redis.get(test.keyspace.lock('mail'));
  const held = () => test.redis.hget(test.keyspace.lockInfo('mail'), POOL);

  it('takes the oldest jobs, and leaves in-progress list, lock and lock_info as gocraft/work would', async () => {
    await push('mail', '1', '2', '3');
    const reply = await known({ wanted: 2 });
    expect(texts(reply)).toEqual(['1', '2']);
    expect(reply.statuses.get('mail')).toBe('more');
    expect(await inProgress()).toEqual(['2', '1']);
    expect(await waiting()).toEqual(['3']);
    expect([await lock(), await held()]).toEqual(['2', '2']);
  });

  it('settles by bytes, in bytes that are no UTF-8 as well', async () => {
    const job = Buffer.from([0xff, 0xfe, 0x00, 0x7b]);
    await push('mail', job);
    const [taken] = (await known({ wanted: 1 })).jobs;
    expect(taken?.bytes).toEqual(job);
    const reply = await known({ settles: [{ ...taken!, settlement: SUCCEEDED }] });
    expect(reply).toMatchObject({ kind: 'ok', gone: [], kept: [] });
    expect(await inProgress()).toEqual([]);
    expect([await lock(), await held()]).toEqual(['0', '0']);
  });

  it('settles and takes in one step', async () => {
    await push('mail', '1', '2', '3');
    await known({ wanted: 2 });
    const reply = await known({ wanted: 2, settles: [settle('1'), settle('2')] });
    expect(texts(reply)).toEqual(['3']);
    expect(reply.statuses.get('mail')).toBe('empty');
    expect([await lock(), await held()]).toEqual(['1', '1']);
  });

  it('moves every outcome to its place', async () => {
    await push('mail', 'r', 'd', 's', 'b', 'q', 'x');
    await known({ wanted: 6 });
    await known({
      settles: [
        settle('r', { kind: 'retry', score: 30, bytes: Buffer.from('r1') }),
        settle('d', { kind: 'dead', score: 20, bytes: Buffer.from('d1') }),
        settle('s', { kind: 'scheduled', score: 10, bytes: Buffer.from('s1') }),
        settle('b', { kind: 'back' }),
        settle('q', { kind: 'quarantined', entry: Buffer.from('why\nq') }),
        settle('x', { kind: 'discarded' }),
      ],
      queues: [],
    });
    const { redis, keyspace } = test;
    expect(await redis.zrange(keyspace.retry, '0', '-1', 'WITHSCORES')).toEqual(['r1', '30']);
    expect(await redis.zrange(keyspace.dead, '0', '-1', 'WITHSCORES')).toEqual(['d1', '20']);
    expect(await redis.zrange(keyspace.scheduled, '0', '-1', 'WITHSCORES')).toEqual(['s1', '10']);
    expect(await redis.lrange(keyspace.ext.quarantine, 0, -1)).toEqual(['why\nq']);
    expect(await waiting()).toEqual(['b']);
    expect(await inProgress()).toEqual([]);
    expect([await lock(), await held()]).toEqual(['0', '0']);
  });

  it('changes nothing and says so when a number comes again', async () => {
    await push('mail', '1', '2');
    await known({ wanted: 1 });
    expect(await send({ number: 1, wanted: 1, settles: [settle('1')] })).toEqual({ kind: 'repeat', number: 1 });
    expect(await inProgress()).toEqual(['1']);
    expect(await waiting()).toEqual(['2']);
  });
});

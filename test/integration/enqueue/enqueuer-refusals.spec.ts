import { Redis } from 'ioredis';
import { Keyspace } from '#protocol';
import { Connections, type WorkRedis } from '#store';
import { Enqueuer, EnqueueBacklogError, EnqueueTimeoutError } from '../../../libs/engine/enqueue/index.js';
import { describeRedis, ownRedis, testRedis, waitFor, type OwnRedis, type TestRedis } from '../../support/index.js';
import { ManualClock } from '../../support/manual-clock.js';

const keyspace = new Keyspace('shop');
const NOBODY = ['127.0.0.1', '1'] as const;
const errorOf = (call: Promise<unknown>) =>
  call.then(
    () => undefined,
    (error: unknown) => error as Error,
  );

describeRedis('Enqueuer, when Redis refuses', () => {
  let server: OwnRedis;
  let admin: Redis;
  const opened: Connections[] = [];
  function enqueuerWith(timeoutMs: number, url = server.url): Enqueuer {
    const connections = new Connections(url);
    opened.push(connections);
    return new Enqueuer({ redis: connections.open('enqueue'), keyspace, timeoutMs });
  }

  const scriptCalls = async () => Number(/evalsha:calls=(\d+)/.exec(await admin.info('commandstats'))?.[1]);

  const majorVersion = async () => Number(/redis_version:(\d+)/.exec(await admin.info('server'))?.[1]);

  beforeEach(async () => {
    server = await ownRedis();
    admin = new Redis(server.url);
  });
  afterEach(async () => {
    for (const connections of opened.splice(0)) connections.close();
    admin.disconnect();
    await server.kill();
  });

  it('says that Redis is a replica and that nothing was written, which stays so when it is a master again', async () => {
    const enqueuer = enqueuerWith(1_000);
    await enqueuer.enqueue('mail', { n: 1 });
    await admin.replicaof(...NOBODY);
    const error = await errorOf(enqueuer.enqueue('mail', { n: 2 }));
    expect(error).toBeInstanceOf(EnqueueTimeoutError);
    expect(error).toMatchObject({ written: 'no', cause: { message: expect.stringMatching(/READONLY /) as string } });
    expect(error?.message).toBe(
      `Job "mail" was not enqueued within 1000 ms, because Redis at 127.0.0.1:${server.port} refused it: READONLY You can't write ` +
        'against a read only replica. This server is a replica, which takes no writes: connect to its master, or through ' +
        'Sentinel. Nothing was written, so it is safe to enqueue it again.',
    );
    await admin.replicaof('NO', 'ONE');
    await enqueuer.enqueue('mail', { n: 3 });
    const stored = await admin.lrange(keyspace.queue('mail'), 0, -1);
    expect(stored.map((job) => (JSON.parse(job) as { args: { n: number } }).args.n)).toEqual([3, 1]);
  });

  it('goes on by itself with a call that is made while the master is a replica for a while', async () => {
    const enqueuer = enqueuerWith(30_000);
    await enqueuer.enqueue('mail', null);
    await admin.replicaof(...NOBODY);
    const call = enqueuer.enqueue('mail', null);
    const before = await scriptCalls();
    await waitFor('refusals', async () => (await scriptCalls()) > before + 3);
    await admin.replicaof('NO', 'ONE');
    await call;
    expect(await admin.llen(keyspace.queue('mail'))).toBe(2);
  });

  it('goes on by itself as well while the master has lost its replicas, as in a planned failover', async () => {
    const enqueuer = enqueuerWith(30_000);
    await enqueuer.enqueue('mail', null);
    await admin.config('SET', 'min-replicas-to-write', '1');
    const before = await scriptCalls();
    const call = enqueuer.enqueue('mail', null);
    let isWritten = false;
    void call.then(() => void (isWritten = true));
    await waitFor('refusals', async () => isWritten || (await scriptCalls()) > before + 3);
    expect(isWritten).toBe((await majorVersion()) < 7); // Redis 6.2 refuses nothing that a script writes
    await admin.config('SET', 'min-replicas-to-write', '0');
    await call;
    expect(await admin.llen(keyspace.queue('mail'))).toBe(2);
  });

  it('says what the password is about, and not that Redis is not there', async () => {
    await admin.config('SET', 'requirepass', 'secret');
    const missing = await errorOf(enqueuerWith(1_000).enqueue('mail', null));
    expect(missing).toMatchObject({ written: 'no', cause: { name: 'ReplyError' } });
    expect(missing?.message).toMatch(
      / refused it: NOAUTH .*Give its password in "connection".*safe to enqueue it again/,
    );
    const wrong = await errorOf(
      enqueuerWith(1_000, `redis://:mistyped@127.0.0.1:${server.port}`).enqueue('mail', null),
    );
    expect(wrong?.message).toMatch(/ refused it: WRONGPASS .*Correct user and password/);
    expect(wrong?.message).not.toContain('mistyped');
  });

  it('says why nobody could be reached', async () => {
    const error = await errorOf(enqueuerWith(500, 'redis://127.0.0.1:1').enqueue('mail', null));
    expect(error).toMatchObject({ written: 'no', cause: { code: 'ECONNREFUSED' } });
    expect(error?.message).toMatch(/because Redis at 127\.0\.0\.1:1 could not be reached: connect ECONNREFUSED/);
  });

  it('names the server and what to do where Redis refuses a job for good', async () => {
    await admin.set(keyspace.queue('mail'), 'no list');
    const error = await errorOf(enqueuerWith(5_000).enqueue('mail', null));
    expect(error?.message).toMatch(
      new RegExp(`Redis at 127.0.0.1:${server.port} refused it: WRONGTYPE .*value\\. Another program uses this key`),
    );
  });

  it('lets 64 MB of jobs wait and refuses the next at once', async () => {
    const enqueuer = enqueuerWith(30_000);
    await enqueuer.enqueue('mail', null);
    await server.kill();
    await waitFor('the loss', () => admin.status !== 'ready');
    const large = { text: 'x'.repeat(900_000) };
    const calls: Promise<unknown>[] = [];
    const error = await waitFor('the refusal', async () => {
      const call = errorOf(enqueuer.enqueue('mail', large));
      calls.push(call);
      return await Promise.race([call, new Promise<undefined>((resolve) => setImmediate(() => resolve(undefined)))]);
    });
    expect(error).toBeInstanceOf(EnqueueBacklogError);
    expect(error).toMatchObject({ limit: 'bytes', message: expect.stringContaining('64 MB of jobs wait') as string });
    expect(calls.length).toBe(Math.ceil(64_000_000 / 900_000) + 1);
    await server.start();
    await Promise.all(calls);
    expect(await admin.llen(keyspace.queue('mail'))).toBe(calls.length - 1);
  });
});

describeRedis('Enqueuer, while Redis refuses for a while', () => {
  let test: TestRedis;
  beforeEach(() => void (test = testRedis()));
  afterEach(() => test.close());

  it('sends nothing more of a caller who was told that nothing is written', async () => {
    const clock = new ManualClock();
    const sent: string[] = [];
    let isReplica = true;
    const redis = refusing(test.redis, () => isReplica, sent);
    const enqueuer = new Enqueuer({ redis, keyspace: test.keyspace, timeoutMs: 50, clock });
    const sentWith = (...names: string[]) =>
      waitFor('the call', () => sent.some((command) => names.every((name) => command.includes(name))));

    const first = errorOf(enqueuer.enqueue('first', null));
    await sentWith(test.keyspace.queue('first'));
    clock.pass(10);
    const second = errorOf(enqueuer.enqueue('second', null));
    clock.pass(20);
    const third = enqueuer.enqueue('third', null);
    clock.pass(20);
    expect(await first).toMatchObject({ written: 'no' });
    await sentWith(test.keyspace.queue('second'), test.keyspace.queue('third'));
    clock.pass(10);
    expect(await second).toMatchObject({ written: 'no' });
    isReplica = false;
    await third;
    const written = await Promise.all(
      ['first', 'second', 'third'].map((name) => test.redis.llen(test.keyspace.queue(name))),
    );
    expect(written).toEqual([0, 0, 1]);
  });

  it.each([
    ['a refusal', true, { written: 'no' }],
    ['a confirmation', false, { name: 'mail' }],
  ])('rather waits a moment for %s under way than not to know, when the time is up', async (_, isReplica, end) => {
    const clock = new ManualClock();
    const looks = jest.spyOn(clock, 'monotonicMs').mock.calls;
    const sent: string[] = [];
    let reply = () => {};
    const replying = () => new Promise<void>((resolve) => (reply = resolve));
    const redis = refusing(test.redis, () => isReplica, sent, replying);
    const enqueuer = new Enqueuer({ redis, keyspace: test.keyspace, timeoutMs: 1, clock });
    const call = enqueuer.enqueue('mail', null).catch((error: unknown) => error);
    await waitFor('the call', () => sent.length > 0);
    clock.pass(1);
    const before = looks.length;
    await waitFor('its deadline', () => looks.length > before);
    reply();
    expect(await call).toMatchObject(end);
  });
});

/** A connection to a server that is a replica as long as the test says so, which writes down what was sent. */
function refusing(redis: Redis, isReplica: () => boolean, sent: string[], before?: () => Promise<void>): WorkRedis {
  const callBuffer = async (...command: Parameters<Redis['callBuffer']>) => {
    sent.push(JSON.stringify(command));
    await before?.();
    if (!isReplica()) return await redis.callBuffer(...command);
    const readonly = new Error("READONLY You can't write against a read only replica.");
    throw Object.assign(readonly, { name: 'ReplyError' });
  };
  return new Proxy(redis, {
    get: (target, property) => {
      if (property === 'callBuffer') return callBuffer;
      const value: unknown = Reflect.get(target, property);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

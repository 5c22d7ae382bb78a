import type { WorkRedis } from '#store';
import { Connections } from '#store';
import { Keyspace } from '#protocol';
import {
  EnqueueBacklogError,
  EnqueueManyError,
  EnqueueRefusedError,
  Enqueuer,
  EnqueueTimeoutError,
} from '../../../libs/engine/enqueue/index.js';
import { describeRedis, ownRedis, testRedis, waitFor, type OwnRedis, type TestRedis } from '../../support/index.js';

const connectionLost = () => new Error('Connection is closed.');
const errorReply = (text: string) => Object.assign(new Error(text), { name: 'ReplyError' });

/** What happens to the calls of a connection, one after the other; when the plan ends, they simply go through. */
type Fate = 'goes through' | 'reply lost' | 'never arrives' | { readonly answeredWith: string };

function fated(redis: WorkRedis, plan: Fate[]): WorkRedis {
  const callBuffer = async (...command: Parameters<WorkRedis['callBuffer']>) => {
    const fate = plan.shift() ?? 'goes through';
    if (typeof fate === 'object') throw errorReply(fate.answeredWith);
    if (fate === 'never arrives') throw connectionLost();
    const reply = await redis.callBuffer(...command);
    if (fate === 'reply lost') throw connectionLost();
    return reply;
  };
  return new Proxy(redis, {
    get: (target, property) => {
      if (property === 'callBuffer') return callBuffer;
      const value: unknown = Reflect.get(target, property);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

describeRedis('Enqueuer, when replies are lost or refusals come', () => {
  let test: TestRedis;
  beforeEach(() => void (test = testRedis()));
  afterEach(() => test.close());

  const enqueuerWith = (plan: Fate[], timeoutMs = 5_000) =>
    new Enqueuer({ redis: fated(test.redis, plan), keyspace: test.keyspace, timeoutMs });
  const waiting = (name: string) => test.redis.llen(test.keyspace.queue(name));
  /** The script is known to the server from here on, so that each call is one command. */
  beforeEach(async () => void (await enqueuerWith([]).enqueue('warm', null)));

  it('writes a job once, though the reply was lost', async () => {
    await enqueuerWith(['reply lost', 'reply lost']).enqueue('mail', {});
    expect(await waiting('mail')).toBe(1);
  });

  it('does not take its own unique job for a duplicate, though the reply was lost', async () => {
    const enqueuer = enqueuerWith(['reply lost']);
    expect(await enqueuer.enqueueUnique('mail', {})).not.toBeNull();
    expect(await enqueuer.enqueueUnique('mail', {})).toBeNull();
    expect(await waiting('mail')).toBe(1);
  });

  it('sends again what never arrived', async () => {
    await enqueuerWith(['never arrives']).enqueue('mail', {});
    expect(await waiting('mail')).toBe(1);
  });

  it.each(['LOADING Redis is loading the dataset in memory', 'READONLY You can’t write against a read only replica.'])(
    'goes on when a state that passes by itself has passed: %s',
    async (answeredWith) => {
      await enqueuerWith([{ answeredWith }, { answeredWith }]).enqueue('mail', {});
      expect(await waiting('mail')).toBe(1);
    },
  );

  it('does not take a refused repetition for the answer to a call whose reply was lost', async () => {
    const busy = { answeredWith: 'BUSY Redis is busy running a script.' };
    await enqueuerWith(['reply lost', busy, { answeredWith: 'NOAUTH Authentication required.' }]).enqueue('mail', {});
    expect(await waiting('mail')).toBe(1);
  });

  it('hands a refusal to the caller, with the text of Redis as its cause', async () => {
    const call = enqueuerWith([{ answeredWith: 'NOPERM this user has no permissions' }]).enqueue('mail', {});
    const error: unknown = await call.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(EnqueueRefusedError);
    expect(error).toMatchObject({ jobName: 'mail', cause: { message: 'NOPERM this user has no permissions' } });
    expect(await waiting('mail')).toBe(0);
  });

  it('goes on under a script that the server has forgotten', async () => {
    const enqueuer = enqueuerWith([]);
    await enqueuer.enqueue('mail', {});
    await test.redis.script('FLUSH');
    await enqueuer.enqueue('mail', {});
    expect(await waiting('mail')).toBe(2);
  });

  it('says of many jobs which are written and of which it is not known', async () => {
    const args = Array.from({ length: 2_500 }, (_, n) => ({ n }));
    const refused: Fate = { answeredWith: 'NOPERM this user has no permissions' };
    const call = enqueuerWith(['goes through', refused]).enqueueMany('mail', args);
    const error = (await call.catch((thrown: unknown) => thrown)) as EnqueueManyError;
    expect(error).toBeInstanceOf(EnqueueManyError);
    expect(error.cause).toBeInstanceOf(EnqueueRefusedError);
    const stored = (await test.redis.lrange(test.keyspace.queue('mail'), 0, -1)).map((job) => JSON.parse(job).id);
    expect(error.written).toHaveLength(1_000);
    expect(error.written.map(({ id }) => id)).toEqual(stored.reverse());
    expect(error).toMatchObject({ total: 2_500, unknown: [] });
  });

  it('does not know of jobs whose reply never came, and says so', async () => {
    const lost = Array.from({ length: 1_000 }, () => 'reply lost' as const);
    const enqueuer = enqueuerWith(lost, 100);
    const one: unknown = await enqueuer.enqueue('mail', {}).catch((thrown: unknown) => thrown);
    expect(one).toMatchObject({ code: 'WORK_ENQUEUE_TIMEOUT', written: 'unknown', jobName: 'mail' });
    const many = (await enqueuer.enqueueMany('bulk', [{}, {}]).catch((thrown: unknown) => thrown)) as EnqueueManyError;
    expect([many.written, many.unknown.length]).toEqual([[], 2]);
    lost.length = 0;
    await enqueuer.enqueue('mail', {});
    expect(await waiting('mail')).toBe(2);
  });
});

describeRedis('Enqueuer, when Redis is gone', () => {
  const keyspace = new Keyspace('gone');
  let server: OwnRedis;
  let connections: Connections;
  let redis: WorkRedis;
  beforeEach(async () => {
    server = await ownRedis();
    connections = new Connections(server.url);
    redis = connections.open('enqueue');
    await connections.answered(redis, 5_000);
  });
  afterEach(async () => {
    connections.close();
    await server.kill();
  });

  const enqueuerWith = (timeoutMs: number) => new Enqueuer({ redis, keyspace, timeoutMs });
  const killed = async () => {
    await server.kill();
    await waitFor('the connection to notice', () => redis.status !== 'ready');
  };
  const turnEnds = () => new Promise((resolve) => setImmediate(resolve));
  const errorOf = (call: Promise<unknown>) => call.then(() => undefined).catch((error: unknown) => error);

  it('waits for it, and goes on when it is back', async () => {
    await killed();
    const call = enqueuerWith(30_000).enqueue('mail', { n: 1 });
    await server.start();
    expect(await call).toMatchObject({ name: 'mail' });
    expect(await redis.llen(keyspace.queue('mail'))).toBe(1);
  });

  it('gives up in time, and never writes the job afterwards', async () => {
    await killed();
    const enqueuer = enqueuerWith(100);
    expect(await errorOf(enqueuer.enqueue('mail', {}))).toMatchObject({ written: 'no', timeoutMs: 100 });
    await server.start();
    await waitFor('the connection', () => redis.status === 'ready');
    await enqueuer.enqueue('other', {});
    expect(await redis.exists(keyspace.queue('mail'))).toBe(0);
  });

  it('does not know whether a job is written that a silent server has received', async () => {
    const enqueuer = enqueuerWith(200);
    await enqueuer.enqueue('mail', {});
    server.freeze();
    const first = errorOf(enqueuer.enqueue('mail', {}));
    await turnEnds();
    const second = errorOf(enqueuer.enqueue('other', {}));
    expect(await first).toBeInstanceOf(EnqueueTimeoutError);
    expect(await first).toMatchObject({ written: 'unknown' });
    expect(await second).toMatchObject({ written: 'no' });
    server.thaw();
    await enqueuer.enqueue('last', {});
    expect(await redis.exists(keyspace.queue('other'))).toBe(0);
  });

  it('lets 10,000 calls wait and refuses the next at once', async () => {
    await killed();
    const enqueuer = enqueuerWith(30_000);
    const calls = Array.from({ length: 10_000 }, (_, n) => enqueuer.enqueue('mail', { n }));
    await expect(enqueuer.enqueue('mail', {})).rejects.toThrow(EnqueueBacklogError);
    await server.start();
    await Promise.all(calls);
    expect(await redis.llen(keyspace.queue('mail'))).toBe(10_000);
  });

  it('refuses what is over the limit as soon as it sees that the server is silent', async () => {
    const enqueuer = enqueuerWith(30_000);
    await enqueuer.enqueue('mail', {});
    server.freeze();
    const underWay = enqueuer.enqueue('mail', {});
    await turnEnds();
    const calls = Array.from({ length: 12_000 }, () => errorOf(enqueuer.enqueue('mail', {})));
    await expect(calls.at(-1)).resolves.toBeInstanceOf(EnqueueBacklogError);
    await expect(enqueuer.enqueue('mail', {})).rejects.toThrow(EnqueueBacklogError);
    server.thaw();
    const errors = (await Promise.all(calls)).filter((error) => error !== undefined);
    await underWay;
    expect(errors).toHaveLength(2_000);
    expect(await redis.llen(keyspace.queue('mail'))).toBe(10_002);
  });

  it('takes a burst of any size from one turn while it answers', async () => {
    const enqueuer = enqueuerWith(30_000);
    await Promise.all(Array.from({ length: 12_000 }, (_, n) => enqueuer.enqueue('mail', { n })));
    expect(await redis.llen(keyspace.queue('mail'))).toBe(12_000);
  });

  it('refuses more while what is left of a burst is over the limit', async () => {
    const enqueuer = enqueuerWith(30_000);
    await enqueuer.enqueue('mail', {});
    const burst = Array.from({ length: 12_000 }, (_, n) => enqueuer.enqueue('mail', { n }));
    await turnEnds();
    await expect(enqueuer.enqueue('mail', {})).rejects.toThrow(EnqueueBacklogError);
    await Promise.all(burst);
    await enqueuer.enqueue('mail', {});
  });

  it('is refused at the memory limit, with nothing written, and goes on when there is room', async () => {
    const enqueuer = enqueuerWith(5_000);
    await enqueuer.enqueue('mail', {});
    await redis.config('SET', 'maxmemory', '1');
    const error = await errorOf(enqueuer.enqueue('mail', {}));
    expect(error).toBeInstanceOf(EnqueueRefusedError);
    expect(error).toMatchObject({ cause: { message: expect.stringMatching(/OOM /) as string } });
    await redis.config('SET', 'maxmemory', '0');
    await enqueuer.enqueue('mail', {});
    expect(await redis.llen(keyspace.queue('mail'))).toBe(2);
  });

  it('closes when the last call has given up', async () => {
    await killed();
    const enqueuer = enqueuerWith(100);
    const call = errorOf(enqueuer.enqueue('mail', {}));
    await enqueuer.close();
    expect(await call).toBeInstanceOf(EnqueueTimeoutError);
    await server.start();
    await waitFor('the connection', () => redis.status === 'ready');
  });
});

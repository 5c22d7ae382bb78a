import { EventEmitter, once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { describeRedis, ownRedis, type OwnRedis } from '../../../test/support/index.js';
import { replyError } from '../reply-error.js';
import type { WorkRedis } from '../work-redis.js';
import { RedisRefusedError, RedisUnreachableError } from './connection-errors.js';
import type { ConnectionSpec } from './connection-spec.js';
import { Connections } from './connections.js';
import { firstAnswer } from './first-answer.js';

/** What a first connection to `spec` ends in. */
async function errorOf(spec: ConnectionSpec, timeoutMs: number): Promise<unknown> {
  const connections = new Connections(spec);
  try {
    return await connections.answered(connections.open('commands'), timeoutMs).catch((error: unknown) => error);
  } finally {
    connections.close();
  }
}

describeRedis('The first answer of a Redis with a password', () => {
  let server: OwnRedis;
  beforeAll(async () => void (server = await ownRedis(['--requirepass', 'secret'])));
  afterAll(() => server.kill());

  it('is not waited for where none is given', async () => {
    const error = await errorOf(server.url, Infinity);
    expect(error).toBeInstanceOf(RedisRefusedError);
    expect((error as Error).message).toMatch(
      new RegExp(`^Redis at 127\\.0\\.0\\.1:${server.port} refused the connection: NOAUTH .*Give its password`),
    );
  });

  it('is not waited for where a wrong one is given, which no message repeats', async () => {
    const error = await errorOf(`redis://:mistyped@127.0.0.1:${server.port}`, Infinity);
    expect(error).toMatchObject({ code: 'WORK_REDIS_REFUSED', target: `127.0.0.1:${server.port}` });
    expect((error as Error).message).toMatch(/WRONGPASS.*\. Correct user and password of "connection"\.$/);
    expect((error as Error).message).not.toContain('mistyped');
  });

  it('comes with the right one', async () => {
    expect(await errorOf(`redis://:secret@127.0.0.1:${server.port}`, 10_000)).toBeUndefined();
  });

  it('is refused to a user who may not ask', async () => {
    const connections = new Connections(`redis://:secret@127.0.0.1:${server.port}`);
    await connections.open('commands').call('ACL', 'SETUSER', 'mute', 'on', '>word', '~*', '+@all', '-ping');
    connections.close();
    const error = await errorOf(`redis://mute:word@127.0.0.1:${server.port}`, Infinity);
    expect((error as Error).message).toMatch(/NOPERM.*'ping'.*ACL SETUSER/);
  });
});

describe('The first answer of a full Redis', () => {
  it('is waited for, since others may leave', async () => {
    const redis = Object.assign(new EventEmitter(), { status: 'connecting', ping: async () => 'PONG' });
    const options = { target: 'full.test:6379', usesTls: false, timeoutMs: Infinity, abandoned: undefined };
    const answer = firstAnswer(redis as unknown as WorkRedis, options);
    redis.emit('error', replyError('ERR max number of clients reached'));
    redis.status = 'ready';
    redis.emit('ready');
    await answer;
    expect([redis.listenerCount('error'), redis.listenerCount('close')]).toEqual([0, 0]);
  });
});

describe('The first answer of what is no Redis', () => {
  let server: Server;
  beforeEach(() => void jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate'] }));
  afterEach(async () => {
    jest.useRealTimers();
    server.close();
    await once(server, 'close');
  });

  /** What a wait of 10 s ends in, which are over when the server has hung up for the first time. */
  async function adviceOf(scheme: 'redis' | 'rediss'): Promise<string> {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const connections = new Connections(`${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const redis = connections.open('commands');
    const hungUp = new Promise((resolve) => redis.once('close', resolve));
    const failed = connections.answered(redis, 10_000).catch((error: unknown) => error);
    await hungUp;
    jest.advanceTimersByTime(10_000);
    const error = await failed;
    connections.close();
    expect(error).toBeInstanceOf(RedisUnreachableError);
    return (error as Error).message;
  }
  const saying = (text: string) =>
    createServer((socket) =>
      socket
        .on('error', () => {})
        .resume()
        .end(text),
    );

  it('is explained where it speaks TLS', async () => {
    server = createTlsServer({});
    expect(await adviceOf('redis')).toMatch(/did not answer within 10 s: .*write rediss:\/\//);
  });

  it('is explained where it speaks something else', async () => {
    server = saying('HTTP/1.1 400 Bad Request\r\n\r\n');
    expect(await adviceOf('redis')).toContain('What answers there is no Redis');
  });

  it('is explained where it should speak TLS and does not', async () => {
    server = saying('plain');
    expect(await adviceOf('rediss')).toContain('write redis:// instead of rediss://');
  });
});

import { Cluster, Redis } from 'ioredis';
import { describeRedis, disconnect, testRedis } from '../../test/support/index.js';
import { ConnectionLostError, isLostConnection } from './lost-connection.js';
import { replyError } from './reply-error.js';

const nowhere = {
  host: '127.0.0.1',
  port: 1,
  lazyConnect: true,
  retryStrategy: () => null,
  disconnectTimeout: 1,
} as const;
/** Node's, with a code. */
const typeError = () => Object.assign(new TypeError('x is no string'), { code: 'ERR_INVALID_ARG_TYPE' });
const failureOf = (promise: Promise<unknown>) => promise.then(() => undefined).catch((error: unknown) => error);

describe('isLostConnection', () => {
  it('knows a server that is not there, however a command is told so', async () => {
    const redis = new Redis(nowhere);
    redis.on('error', () => {});
    expect(isLostConnection(await failureOf(redis.connect()))).toBe(true);
    expect(isLostConnection(await failureOf(redis.ping()))).toBe(true);
  });

  it('knows a command that gave up waiting for a connection', async () => {
    const redis = new Redis({ ...nowhere, retryStrategy: () => 1, maxRetriesPerRequest: 0 });
    redis.on('error', () => {});
    const error = await failureOf(redis.ping());
    await disconnect(redis);
    expect(isLostConnection(error)).toBe(true);
  });

  it('knows a command that was refused because there is no connection yet', async () => {
    const redis = new Redis({ ...nowhere, enableOfflineQueue: false });
    redis.on('error', () => {});
    expect(isLostConnection(await failureOf(redis.ping()))).toBe(true);
  });

  it('knows a Cluster that is not there', async () => {
    const options = { lazyConnect: true, clusterRetryStrategy: () => null, enableOfflineQueue: false };
    const cluster = new Cluster([nowhere], options);
    cluster.on('error', () => {});
    const [connecting, early] = [failureOf(cluster.connect()), failureOf(cluster.ping())];
    const ended = new Promise((resolve) => cluster.once('end', resolve));
    expect(isLostConnection(await connecting)).toBe(true);
    expect(isLostConnection(await early)).toBe(true);
    await ended;
    expect(isLostConnection(await failureOf(cluster.ping()))).toBe(true);
  });

  it.each([
    new ConnectionLostError('broke'),
    Object.assign(new AggregateError([]), { code: 'ECONNREFUSED' }),
    Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }),
  ])('knows %p', (error) => expect(isLostConnection(error)).toBe(true));

  it.each([replyError('OOM'), typeError(), new Error('anything'), 'text', undefined])(
    'takes %p for something else',
    (error) => expect(isLostConnection(error)).toBe(false),
  );
});

describeRedis('isLostConnection, of a connection that was there', () => {
  it('knows a command whose connection broke, and one that took too long', async () => {
    const test = testRedis();
    const options = { maxRetriesPerRequest: 0, retryStrategy: () => null } as const;
    const [broken, silent] = [new Redis(test.url, options), new Redis(test.url, { ...options, commandTimeout: 1 })];
    for (const redis of [broken, silent]) redis.on('error', () => {});
    const id = await broken.client('ID');
    const waiting = failureOf(broken.blpop('none', 0));
    await test.redis.client('KILL', 'ID', id);
    expect(isLostConnection(await waiting)).toBe(true);
    expect(isLostConnection(await failureOf(silent.blpop('none', 0)))).toBe(true);
    await Promise.all([disconnect(broken), disconnect(silent), test.close()]);
  });
});

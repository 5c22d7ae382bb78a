import { Redis } from 'ioredis';
import { describeRedis, ownRedis, waitFor, type OwnRedis } from '../../../test/support/index.js';
import { isErrorReply } from '../error-reply.js';
import { isLostConnection } from '../lost-connection.js';
import { readyOrLater } from '../ready-or-later.js';
import { Connections } from './connections.js';
import { optionsOfRole } from './redis-options.js';

const NOBODY = ['127.0.0.1', '1'] as const;

describeRedis('A connection to a master that became a replica', () => {
  let server: OwnRedis;
  let admin: Redis;
  beforeEach(async () => {
    server = await ownRedis();
    admin = new Redis(server.url, { disconnectTimeout: 100 });
  });
  afterEach(async () => {
    admin.disconnect();
    await server.kill();
  });

  const connectionsMade = async () => Number(/total_connections_received:(\d+)/.exec(await admin.info('stats'))?.[1]);

  it('is made anew at once, for the new master may be there, and then once every 5 s however often it writes', async () => {
    let nowMs = 0;
    const redis = new Redis(optionsOfRole('enqueue', { host: '127.0.0.1', port: server.port }, { nowMs: () => nowMs }));
    /** A call that meets the old connection while it closes is made again on the new one. */
    const isRefused = async (): Promise<boolean> => {
      await waitFor('the connection', async () => (await readyOrLater(redis, 5), redis.status === 'ready'));
      const error = await redis.set('key', 'value').then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      return isLostConnection(error) ? await isRefused() : isErrorReply(error, 'READONLY');
    };
    const refusals = async (count: number) => {
      for (let at = 0; at < count; at += 1) expect(await isRefused()).toBe(true);
      return await connectionsMade();
    };
    expect(await isRefused()).toBe(false);
    await admin.replicaof(...NOBODY);
    const before = await connectionsMade();
    expect(await refusals(50)).toBe(before + 1);
    nowMs = 4_999;
    expect(await refusals(50)).toBe(before + 1);
    nowMs = 5_000;
    expect(await refusals(50)).toBe(before + 2);
    await admin.replicaof('NO', 'ONE');
    expect(await isRefused()).toBe(false);
    expect(await connectionsMade()).toBe(before + 2);
    redis.disconnect();
  });

  it('is made anew as well where it is a master still, whose replicas have gone to the new one', async () => {
    const redis = new Redis(optionsOfRole('enqueue', { host: '127.0.0.1', port: server.port }));
    await redis.connect();
    await admin.config('SET', 'min-replicas-to-write', '1');
    const before = await connectionsMade();
    const again = new Promise((resolve) => redis.once('ready', resolve));
    await expect(redis.set('key', 'value')).rejects.toThrow('NOREPLICAS');
    await again;
    expect(await connectionsMade()).toBe(before + 1);
    redis.disconnect();
  });

  it('is not told as lost while the server is there, and is once it is not', async () => {
    const told: string[] = [];
    const connections = new Connections(server.url, {
      onLost: () => told.push('lost'),
      onBack: () => told.push('back'),
    });
    const redis = connections.open('enqueue');
    await connections.answered(redis, 10_000);
    await admin.replicaof(...NOBODY);
    const closed = new Promise((resolve) => redis.once('close', resolve));
    await redis.set('key', 'value').catch(() => undefined);
    await closed;
    await connections.answered(redis, 10_000);
    expect(told).toEqual([]);
    await server.kill();
    await waitFor('the loss', () => told.length > 0);
    expect(told).toEqual(['lost']);
    connections.close();
  });
});

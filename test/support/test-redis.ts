import { randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';
import { Keyspace } from '#protocol';
import { disconnect } from './disconnect.js';

export interface TestRedis {
  /** redis:// address of the private server of this run. */
  readonly url: string;
  /** A namespace that no other test uses. */
  readonly namespace: string;
  readonly keyspace: Keyspace;
  /** A connection for looking and arranging. */
  readonly redis: Redis;
  /** Another connection, closed with the rest. */
  connect(): Redis;
  /** Deletes the namespace's keys and closes every connection. */
  close(): Promise<void>;
}

/** A namespace of its own, on the private Redis that the test run started or another. Call `close` when done. */
export function testRedis(url = process.env['NESTJS_WORK_TEST_REDIS']): TestRedis {
  if (!url) throw new Error('The test run has no Redis: use describeRedis instead of describe.');
  const namespace = `t${randomBytes(6).toString('hex')}`;
  const connections: Redis[] = [];
  const connect = () => {
    // ioredis keeps a timer for so long where the connection was lost already: longer than Jest waits for its workers.
    const redis = new Redis(url, { disconnectTimeout: 100 });
    connections.push(redis);
    return redis;
  };
  const redis = connect();
  const close = async () => {
    const keys = await redis.keys(`${namespace}:*`);
    if (keys.length > 0) await redis.del(...keys);
    await Promise.all(connections.map(disconnect));
  };
  return { url, namespace, keyspace: new Keyspace(namespace), redis, connect, close };
}

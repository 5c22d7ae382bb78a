import type { SharedNamespace } from './shared-namespace.js';

/** Makes the next attempt of every failed job due: where nothing runs that would move them before the test goes on. */
export async function makeDue({ redis, keyspace }: SharedNamespace): Promise<void> {
  for (const job of await redis.zrangeBuffer(keyspace.retry, 0, '-1')) await redis.zadd(keyspace.retry, 'XX', 1, job);
}

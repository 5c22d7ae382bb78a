import type { SharedNamespace } from './shared-namespace.js';

/** How many jobs of a type run, over all pools and as each pool has it. */
export async function locksOf({ redis, keyspace }: SharedNamespace, name = 'mail') {
  const lock = Number((await redis.get(keyspace.lock(name))) ?? 0);
  return { lock, held: await redis.hgetall(keyspace.lockInfo(name)) };
}

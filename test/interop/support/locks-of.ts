import type { SharedNamespace } from './shared-namespace.js';

/** How many jobs of the type "mail" run, over all pools and as each pool has it. */
export async function locksOf({ redis, keyspace }: SharedNamespace) {
  const lock = Number((await redis.get(keyspace.lock('mail'))) ?? 0);
  return { lock, held: await redis.hgetall(keyspace.lockInfo('mail')) };
}

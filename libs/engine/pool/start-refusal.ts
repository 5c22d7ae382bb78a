import type { Keyspace } from '#protocol';
import { isErrorReply, mistypedKey, RedisRefusedError, targetOf, type WorkRedis } from '#store';

/** Says of an error reply to a pool's start which server gave it, what it is about and what to do. */
export async function startRefusal(redis: WorkRedis, keyspace: Keyspace, reply: Error): Promise<RedisRefusedError> {
  const mistyped = isErrorReply(reply, 'WRONGTYPE')
    ? await mistypedKey(redis, keyspace).catch(() => undefined)
    : undefined;
  return new RedisRefusedError(targetOf(redis), 'the start of the worker pool', reply, mistyped);
}

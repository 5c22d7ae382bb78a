import { once } from 'node:events';
import type { Redis } from 'ioredis';

/** Resolves when the connection is gone. One that is still closing when its test is over holds the worker of Jest open. */
export async function disconnect(redis: Redis): Promise<void> {
  if (redis.status === 'end') return;
  const ended = redis.status === 'reconnecting' ? undefined : once(redis, 'end'); // between two tries it ends in silence
  redis.disconnect();
  await ended;
}

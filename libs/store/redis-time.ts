import type { WorkRedis } from './work-redis.js';

/** Redis' clock, in milliseconds since the epoch. */
export async function redisTimeMs(redis: WorkRedis): Promise<number> {
  const [seconds, microseconds] = await redis.time();
  return timeReplyMs(seconds, microseconds);
}

/** Milliseconds since the epoch of the two parts that `TIME` answers, to a client or within a script. */
export function timeReplyMs(seconds: unknown, microseconds: unknown): number {
  return Number(String(seconds)) * 1000 + Number(String(microseconds)) / 1000;
}

import type { WorkRedis } from './work-redis.js';

/** Redis' clock, in milliseconds since the epoch. */
export async function redisTimeMs(redis: WorkRedis): Promise<number> {
  const [seconds, microseconds] = await redis.time();
  return Number(seconds) * 1000 + Number(microseconds) / 1000;
}

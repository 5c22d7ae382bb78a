import type { Keyspace } from '#protocol';
import { heartbeatFields, type PoolHeartbeat } from './shared/pool-heartbeat.js';
import { Script } from '../script.js';
import type { WorkRedis } from '../work-redis.js';
import { timeReplyMs } from '../redis-time.js';
import { sources } from './sources.generated.js';

const script = new Script(sources.beat);

export interface BeatReply {
  /** False: the pool is no member and nothing was written. It is fenced, and must go on under another id. */
  readonly accepted: boolean;
  readonly redisMs: number;
}

/** Writes the heartbeat of a member. */
export async function beat(
  redis: WorkRedis,
  keyspace: Keyspace,
  poolId: string,
  heartbeat: PoolHeartbeat,
): Promise<BeatReply> {
  const keys = [keyspace.workerPools, keyspace.heartbeat(poolId), keyspace.ext.scratch];
  const reply = await script.run(redis, keys, [poolId, ...heartbeatFields(heartbeat)]);
  const [accepted, seconds, microseconds] = reply as [number, Buffer, Buffer];
  return { accepted: accepted === 1, redisMs: timeReplyMs(seconds, microseconds) };
}

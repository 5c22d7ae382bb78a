import type { Keyspace } from '#protocol';
import { heartbeatFields, type PoolHeartbeat } from './shared/pool-heartbeat.js';
import { Script } from '../script.js';
import type { WorkRedis } from '../work-redis.js';
import { timeReplyMs } from '../redis-time.js';
import { sources } from './sources.generated.js';

const script = new Script(sources.registerPool);

export interface PoolRegistrationStep {
  /** Never used before. */
  readonly poolId: string;
  /** Ids under which the same process was a member before, whose entries it may still hold. */
  readonly olderIds: readonly string[];
  readonly heartbeat: PoolHeartbeat;
  /** Whether it is a start; else the process was a member before, and limits that others set since stay. */
  readonly begins: boolean;
  /** 0 = no limit. Types that are not named keep what Redis has. */
  readonly maxConcurrency: ReadonlyMap<string, number>;
}

export interface PoolRegistrationReply {
  readonly redisMs: number;
  /** Those of the older ids that may still have entries; the others were reaped, or Redis lost everything. */
  readonly olderIds: readonly string[];
}

/** The one way to become a member: at start, after a fence, after FLUSHALL. */
export async function registerPool(
  redis: WorkRedis,
  keyspace: Keyspace,
  { poolId, olderIds, heartbeat, begins, maxConcurrency }: PoolRegistrationStep,
): Promise<PoolRegistrationReply> {
  const fields = heartbeatFields(heartbeat);
  const keys = [
    keyspace.ext.call(poolId),
    keyspace.heartbeat(poolId),
    keyspace.workerPools,
    keyspace.ext.pools,
    keyspace.knownJobs,
    keyspace.ext.limits,
    ...olderIds.map((id) => keyspace.heartbeat(id)),
    ...[...maxConcurrency.keys()].map((name) => keyspace.maxConcurrency(name)),
  ];
  const counts = [olderIds.length, heartbeat.jobNames.length, fields.length];
  const lists = [...olderIds, ...heartbeat.jobNames, ...fields, ...maxConcurrency.values()];
  const [seconds, microseconds, ...named] = (await script.run(redis, keys, [
    poolId,
    ...counts,
    begins ? 'begins' : 'rejoins',
    ...lists,
  ])) as Buffer[];
  return { redisMs: timeReplyMs(seconds, microseconds), olderIds: named.map(String) };
}

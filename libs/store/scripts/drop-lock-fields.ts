import type { Keyspace } from '#protocol';
import { Script } from '../script.js';
import type { WorkRedis } from '../work-redis.js';
import type { LockField } from './heal-locks.js';
import { sources } from './sources.generated.js';

const script = new Script(sources.dropLockFields);

/** Drops those of the fields whose pool still stands in no set and holds no entry; answers how many. */
export async function dropLockFields(
  redis: WorkRedis,
  keyspace: Keyspace,
  fields: readonly LockField[],
): Promise<number> {
  const { workerPools, ext } = keyspace;
  const keysOf = ({ jobName, poolId }: LockField) => [
    keyspace.inProgress(jobName, poolId),
    keyspace.lock(jobName),
    keyspace.lockInfo(jobName),
  ];
  const keys = [workerPools, ext.pools, ext.reaping, ext.scratch, ...fields.flatMap(keysOf)];
  const poolIds = fields.map(({ poolId }) => poolId);
  return (await script.run(redis, keys, poolIds)) as number;
}

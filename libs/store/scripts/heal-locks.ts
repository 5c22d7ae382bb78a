import type { Keyspace } from '#protocol';
import { Script } from '../script.js';
import type { WorkRedis } from '../work-redis.js';
import { sources } from './sources.generated.js';

const healScript = new Script('heal-locks', sources.libLock + sources.healLocks);
const dropScript = new Script('drop-lock-fields', sources.libLock + sources.dropLockFields);

/** A pool's field in the lock_info of a job type. */
export interface LockField {
  readonly jobName: string;
  readonly poolId: string;
}

export interface HealLocksReply {
  /** Types whose lock or fields were wrong. */
  readonly healed: number;
  /** Fields of pools that stand in no set. */
  readonly strays: readonly LockField[];
}

/** Makes lock the sum of lock_info for each type. */
export async function healLocks(
  redis: WorkRedis,
  keyspace: Keyspace,
  jobNames: readonly string[],
): Promise<HealLocksReply> {
  const keys = [...setKeys(keyspace), ...jobNames.flatMap((name) => [keyspace.lock(name), keyspace.lockInfo(name)])];
  const [healed, ...rest] = (await healScript.run(redis, keys, [])) as [number, ...(number | Buffer)[]];
  const strays: LockField[] = [];
  for (let i = 0; i < rest.length; i += 2)
    strays.push({ jobName: jobNames[(rest[i] as number) - 1] ?? '', poolId: String(rest[i + 1]) });
  return { healed, strays };
}

/** Drops those of the fields whose pool still stands in no set and holds no entry; answers how many. */
export async function dropLockFields(
  redis: WorkRedis,
  keyspace: Keyspace,
  fields: readonly LockField[],
): Promise<number> {
  const keysOf = ({ jobName, poolId }: LockField) => [
    keyspace.inProgress(jobName, poolId),
    keyspace.lock(jobName),
    keyspace.lockInfo(jobName),
  ];
  const keys = [...setKeys(keyspace), ...fields.flatMap(keysOf)];
  const dropped = await dropScript.run(
    redis,
    keys,
    fields.map(({ poolId }) => poolId),
  );
  return dropped as number;
}

function setKeys({ workerPools, ext }: Keyspace): string[] {
  return [workerPools, ext.pools, ext.reaping, ext.scratch];
}

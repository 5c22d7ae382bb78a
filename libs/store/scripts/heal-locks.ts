import type { Keyspace } from '#protocol';
import { Script } from '../script.js';
import type { WorkRedis } from '../work-redis.js';
import { sources } from './sources.generated.js';

const script = new Script(sources.healLocks);

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
  const { workerPools, ext } = keyspace;
  const locks = jobNames.flatMap((name) => [keyspace.lock(name), keyspace.lockInfo(name)]);
  const keys = [workerPools, ext.pools, ext.reaping, ext.scratch, ...locks];
  const [healed, ...rest] = (await script.run(redis, keys, [])) as [number, ...(number | Buffer)[]];
  const strays: LockField[] = [];
  for (let i = 0; i < rest.length; i += 2)
    strays.push({ jobName: jobNames[(rest[i] as number) - 1] ?? '', poolId: String(rest[i + 1]) });
  return { healed, strays };
}

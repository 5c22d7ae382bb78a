import type { EpochSeconds, Keyspace } from '#protocol';
import { Script } from '../script.js';
import type { WorkRedis } from '../work-redis.js';
import { sources } from './sources.generated.js';

const script = new Script(sources.nameSuspect);

export interface NameSuspectStep {
  readonly poolId: string;
  readonly jobId: string;
  readonly now: EpochSeconds;
}

/** False: the pool lives no more, and whoever reaped it has the job. Can be repeated. */
export async function nameSuspect(
  redis: WorkRedis,
  { workerPools, ext }: Keyspace,
  { poolId, jobId, now }: NameSuspectStep,
): Promise<boolean> {
  return (await script.run(redis, [workerPools, ext.suspect(poolId), ext.scratch], [poolId, jobId, now])) === 1;
}

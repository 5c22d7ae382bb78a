import { Script } from '../script.js';
import type { WorkRedis } from '../work-redis.js';
import { sources } from './sources.generated.js';

const script = new Script('name-suspect', sources.nameSuspect);

export interface NameSuspectStep {
  readonly workerPoolsKey: string;
  readonly suspectKey: string;
  readonly scratchKey: string;
  readonly poolId: string;
  readonly jobId: string;
  /** Epoch seconds. */
  readonly now: number;
}

/** False: the pool lives no more, and whoever reaped it has the job. Can be repeated. */
export async function nameSuspect(redis: WorkRedis, step: NameSuspectStep): Promise<boolean> {
  const keys = [step.workerPoolsKey, step.suspectKey, step.scratchKey];
  return (await script.run(redis, keys, [step.poolId, step.jobId, step.now])) === 1;
}

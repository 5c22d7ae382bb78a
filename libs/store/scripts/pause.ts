import type { Keyspace } from '#protocol';
import { Script } from '../script.js';
import type { WorkRedis } from '../work-redis.js';
import { sources } from './sources.generated.js';

const script = new Script(sources.pause);

/** Pauses a job type; answers whether it was not paused before. */
export async function pause(redis: WorkRedis, keyspace: Keyspace, jobName: string): Promise<boolean> {
  return (await script.run(redis, [keyspace.paused(jobName)], [])) === 1;
}

import { Script } from '../script.js';
import type { WorkRedis } from '../work-redis.js';
import { sources } from './sources.generated.js';

const script = new Script('pause', sources.pause);

/** Whether it was not paused before. */
export async function pause(redis: WorkRedis, pausedKey: string): Promise<boolean> {
  return (await script.run(redis, [pausedKey], [])) === 1;
}

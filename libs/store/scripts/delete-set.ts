import { Script } from '../script.js';
import type { WorkRedis } from '../work-redis.js';
import { sources } from './sources.generated.js';

const script = new Script(sources.deleteSet);

/**
 * Deletes a sorted set; answers how many were in it.
 *
 * @throws Redis' error reply where the key holds something else: it stays
 */
export async function deleteSet(redis: WorkRedis, key: string): Promise<number> {
  return (await script.run(redis, [key], [])) as number;
}

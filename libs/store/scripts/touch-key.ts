import { Script } from '../script.js';
import type { WorkRedis } from '../work-redis.js';
import { sources } from './sources.generated.js';

const script = new Script(sources.touchKey);
const LIVES_MS = 5_000;

/** Changes a key that holds nothing; it is gone after 5 s. */
export async function touchKey(redis: WorkRedis, key: string): Promise<void> {
  await script.run(redis, [key], [LIVES_MS]);
}

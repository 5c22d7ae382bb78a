import { Script } from '../script.js';
import type { WorkRedis } from '../work-redis.js';
import { sources } from './sources.generated.js';

const script = new Script('remove-entries', sources.removeEntries);

export interface EntryRemoval {
  /** As it stands in the list or set. */
  readonly bytes: Buffer;
  /** Deleted with it. */
  readonly uniqueKeys: readonly string[];
}

/** Removes entries of a list or sorted set; answers how many were still there. */
export async function removeEntries(redis: WorkRedis, key: string, removals: readonly EntryRemoval[]): Promise<number> {
  if (removals.length === 0) return 0;
  const keys = [key, ...removals.flatMap(({ uniqueKeys }) => uniqueKeys)];
  const args = removals.flatMap(({ bytes, uniqueKeys }) => [uniqueKeys.length, bytes]);
  const removed = (await script.run(redis, keys, args)) as readonly number[];
  return removed.reduce((sum, count) => sum + count, 0);
}

import type { Keyspace } from '#protocol';
import { Script } from '../script.js';
import type { WorkRedis } from '../work-redis.js';
import { FIRED_SECONDS } from './shared/fired-ticks.js';
import { sources } from './sources.generated.js';

const script = new Script(sources.removeEntries);

export interface EntryRemoval {
  /** As it stands in the list or set. */
  readonly bytes: Buffer;
  /** Deleted with it. */
  readonly uniqueKeys: readonly string[];
  /** Its id, where it is a tick of a periodic job that has not run yet: such a one is moved to no queue any more. */
  readonly tickId?: string | undefined;
}

/** Removes entries of a list or sorted set; answers how many were still there. */
export async function removeEntries(
  redis: WorkRedis,
  keyspace: Keyspace,
  key: string,
  removals: readonly EntryRemoval[],
): Promise<number> {
  if (removals.length === 0) return 0;
  const marksOf = ({ tickId }: EntryRemoval) => (tickId === undefined ? [] : [keyspace.ext.fired(tickId)]);
  const keys = removals.flatMap((removal) => [...removal.uniqueKeys, ...marksOf(removal)]);
  const args = removals.flatMap((removal) => [removal.uniqueKeys.length, marksOf(removal).length, removal.bytes]);
  const removed = (await script.run(redis, [key, ...keys], [FIRED_SECONDS, ...args])) as readonly number[];
  return removed.reduce((sum, count) => sum + count, 0);
}

import type { Keyspace } from '#protocol';
import { Script } from '../script.js';
import type { WorkRedis } from '../work-redis.js';
import { sources } from './sources.generated.js';

const script = new Script('quarantine-waiting', sources.quarantineWaiting);

export interface WaitingOutcast {
  /** As it stands in the sorted set. */
  readonly entry: Buffer;
  /** From `encodeQuarantined`. */
  readonly quarantined: Buffer;
}

/**
 * Takes entries out of a sorted set of waiting jobs into the quarantine. Gives those that were still there.
 *
 * @throws Redis' error reply where the quarantine refused one; those before it are set aside.
 */
export async function quarantineWaiting<Outcast extends WaitingOutcast>(
  redis: WorkRedis,
  keyspace: Keyspace,
  waitingSet: string,
  outcasts: readonly Outcast[],
): Promise<Outcast[]> {
  const keys = [waitingSet, keyspace.ext.quarantine, keyspace.ext.scratch];
  const args = outcasts.flatMap(({ entry, quarantined }) => [entry, quarantined]);
  const positions = (await script.run(redis, keys, args)) as number[];
  return positions.map((position) => outcasts[position - 1]!);
}

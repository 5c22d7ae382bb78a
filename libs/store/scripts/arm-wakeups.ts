import type { Keyspace } from '#protocol';
import { Script } from '../script.js';
import type { WorkRedis } from '../work-redis.js';
import { sources } from './sources.generated.js';

const script = new Script(sources.armWakeups);

/** Why a queue gives no job, as far as Redis can tell of a change. */
export type BlockedBy = 'empty' | 'paused' | 'at-limit';

export interface BlockedQueue {
  readonly name: string;
  readonly by: BlockedBy;
}

/** The keys whose change may end what blocks a queue. */
export function blockingKeys(keyspace: Keyspace, { name, by }: BlockedQueue): readonly string[] {
  if (by === 'empty') return [keyspace.queue(name)];
  if (by === 'paused') return [keyspace.paused(name)];
  return [keyspace.lock(name), keyspace.maxConcurrency(name)];
}

/**
 * Run on a connection with `CLIENT TRACKING ON`: each of the keys is told of once, at its next change.
 *
 * @returns the names of those that are blocked no longer, of which nothing more may be told
 */
export async function armWakeups(
  redis: WorkRedis,
  keyspace: Keyspace,
  blocked: readonly BlockedQueue[],
  alsoTold: readonly string[] = [],
): Promise<readonly string[]> {
  const keys = [...blocked.flatMap((queue) => blockingKeys(keyspace, queue)), ...alsoTold];
  const reasons = blocked.map(({ by }) => by);
  const free = (await script.run(redis, keys, reasons)) as number[];
  return free.map((place) => blocked[place - 1]!.name);
}

import type { Keyspace } from '#protocol';
import { Script } from '../script.js';
import type { WorkRedis } from '../work-redis.js';
import { sources } from './sources.generated.js';

const script = new Script(sources.removePool);

/**
 * - `stopped`: the pool says so itself
 * - `reaped`: named in `ext:reaping`
 * - `superseded`: an older id of a process that lives
 */
export type RemovalCause = 'stopped' | 'reaped' | 'superseded';

/**
 * - `held`: a list is not empty, nothing was changed
 * - `back`: it is a member, though it should not be
 * - `gone`: nothing was to be done
 */
export type RemovalReply = 'removed' | 'held' | 'back' | 'gone';

export interface RemovalStep {
  readonly cause: RemovalCause;
  readonly poolId: string;
  /** Ids that point at it, forgotten with it. */
  readonly olderIds: readonly string[];
  readonly jobNames: readonly string[];
}

/** Forgets a pool, only if it holds no entry of any of these types. */
export async function removePool(
  redis: WorkRedis,
  keyspace: Keyspace,
  { cause, poolId, olderIds, jobNames }: RemovalStep,
): Promise<RemovalReply> {
  const ids = [poolId, ...olderIds];
  const lists = ids.flatMap((id) => jobNames.map((name) => ({ id, name })));
  const keys = [
    keyspace.workerPools,
    keyspace.ext.reaping,
    keyspace.ext.pools,
    ...ids.flatMap((id) => [keyspace.heartbeat(id), keyspace.ext.call(id), keyspace.ext.suspect(id)]),
    ...lists.flatMap(({ id, name }) => [keyspace.inProgress(name, id), keyspace.lock(name), keyspace.lockInfo(name)]),
  ];
  const reply = await script.run(redis, keys, [cause, ids.length, ...ids, ...lists.map(({ id }) => id)]);
  return String(reply) as RemovalReply;
}

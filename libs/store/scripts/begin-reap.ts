import type { Keyspace } from '#protocol';
import { Script } from '../script.js';
import type { WorkRedis } from '../work-redis.js';
import { sources } from './sources.generated.js';

const script = new Script(sources.beginReap);

/** Why a pool is reaped. */
export type ReapCause =
  /** A member whose `heartbeat_at` is still what it was when it was judged; '' for none. */
  | { readonly kind: 'dead'; readonly heartbeatAt: string }
  /** A pool in no set; where a list of it was found, its oldest entry must still be the same. */
  | { readonly kind: 'orphan'; readonly list?: { readonly jobName: string; readonly oldestSha1: string } }
  /** Named in `ext:reaping`: somebody began. */
  | { readonly kind: 'continue' };

export type BeginReapReply =
  | {
      readonly kind: 'reaping';
      /** Every type of which the pool may hold entries. */
      readonly jobNames: readonly string[];
      /** Older ids of the same process, reaped with it. */
      readonly olderIds: readonly string[];
      /** False: a pool of gocraft/work, or an id that nothing tells of any more. */
      readonly isOurs: boolean;
    }
  /** Nothing is to be done: it lives, has come back, or somebody has finished. */
  | { readonly kind: 'alive' | 'back' | 'gone' };

/** Takes a dead pool out of `worker_pools`, which fences it. */
export async function beginReap(
  redis: WorkRedis,
  keyspace: Keyspace,
  poolId: string,
  cause: ReapCause,
): Promise<BeginReapReply> {
  const { workerPools, knownJobs, ext } = keyspace;
  const list = cause.kind === 'orphan' ? cause.list : undefined;
  const keys = [workerPools, ext.reaping, ext.scratch, ext.pools, knownJobs, keyspace.heartbeat(poolId)];
  if (list) keys.push(keyspace.inProgress(list.jobName, poolId));
  const seen = cause.kind === 'dead' ? cause.heartbeatAt : (list?.oldestSha1 ?? '');
  const reply = await script.run(redis, keys, [poolId, cause.kind, seen, list?.jobName ?? '']);
  const [kind, names, known, olderIds, isOurs] = reply as [Buffer, Buffer, Buffer[], Buffer[], number];
  if (kind.toString() !== 'reaping') return { kind: kind.toString() as 'alive' | 'back' | 'gone' };
  const advertised = names.length > 0 ? names.toString().split(',') : [];
  return {
    kind: 'reaping',
    jobNames: [...new Set([...advertised, ...known.map(String)])],
    olderIds: olderIds.map(String),
    isOurs: isOurs === 1,
  };
}

import { tickIdOf, type EpochSeconds, type Keyspace } from '#protocol';
import { removeEntries, type WorkRedis } from '#store';
import { JobNotFoundError } from './client-errors.js';
import { heldUniqueKeys } from './held-unique-keys.js';
import type { SortedSet } from './sorted-set.js';

/**
 * Deletes a job of a sorted set; one that waits for its time frees what it holds: its uniqueness, its tick.
 *
 * @throws JobNotFoundError
 */
export async function deleteJob(
  redis: WorkRedis,
  keyspace: Keyspace,
  set: SortedSet,
  at: EpochSeconds,
  jobId: string,
  { isWaiting }: { readonly isWaiting: boolean },
): Promise<void> {
  const members = await set.find(at, jobId);
  const removals = members.map(({ bytes, job }) => ({
    bytes,
    uniqueKeys: isWaiting ? heldUniqueKeys(keyspace, job) : [],
    tickId: isWaiting ? tickIdOf(job, at) : undefined,
  }));
  const removed = await removeEntries(redis, keyspace, set.key, removals);
  if (removed === 0) throw new JobNotFoundError(jobId, set.key, 'Nothing was deleted');
}

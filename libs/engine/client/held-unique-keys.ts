import type { JobDocument, Keyspace } from '#protocol';
import { recomputedKeys, UniqueClaim } from '../run/index.js';

/**
 * The uniqueness keys that a waiting job holds; none where it has run before, and none where it names a key that is not
 * of its own type: that came from outside, and is not ours to delete.
 */
export function heldUniqueKeys(keyspace: Keyspace, job: JobDocument): readonly string[] {
  if (!UniqueClaim.isDue(job)) return [];
  if (job.uniqueKey === undefined) return recomputedKeys(keyspace, job);
  return job.uniqueKey.startsWith(keyspace.uniquePrefix(job.name)) ? [job.uniqueKey] : [];
}

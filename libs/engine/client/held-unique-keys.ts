import { encodeKey, uniqueKey, type JobDocument, type Keyspace } from '#protocol';
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

const ESCAPES = ['go1.22', 'go1.21'] as const;

/**
 * The keys that jobs of this type are unique by with these arguments, or with this key: one, unless Go's versions write it
 * in different ways.
 *
 * @throws InvalidArgumentsError where it can be neither
 */
export function uniqueKeysOf(keyspace: Keyspace, jobName: string, argsOrKey: object | null): readonly string[] {
  if (argsOrKey === null) return [uniqueKey(keyspace, jobName, null)];
  const texts = ESCAPES.map((escapes) => encodeKey(jobName, argsOrKey, { escapes }));
  return [...new Set(texts)].map((json) => uniqueKey(keyspace, jobName, json));
}

import { encodeKey, uniqueKey, type Keyspace } from '#protocol';

/** Go's versions that write other bytes for the same text. */
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

import type { Keyspace } from './keyspace.js';

/**
 * Redis key that marks a unique job, gocraft/work's byte for byte, its line break at the end included.
 *
 * @param keyJson the key object (by default the arguments) as `encodeArguments` or `encodeKey` wrote it; `null` (or
 * `'null'`) where there are no arguments: the key then ends after the job's name
 */
export function uniqueKey(keyspace: Keyspace, jobName: string, keyJson: string | null): string {
  const prefix = keyspace.uniquePrefix(jobName);
  return keyJson === null || keyJson === 'null' ? prefix : `${prefix}${keyJson}\n`;
}

import type { Keyspace } from '#protocol';
import type { MistypedKey } from './connections/index.js';
import { readTogether } from './read-together.js';
import type { WorkRedis } from './work-redis.js';

/**
 * The first key of those that every pool needs which holds something else than belongs there: Redis' own error names none.
 *
 * @throws what is no error reply: the connection was lost
 */
export async function mistypedKey(redis: WorkRedis, keyspace: Keyspace): Promise<MistypedKey | undefined> {
  const needed = [
    { key: keyspace.workerPools, expected: 'set' },
    { key: keyspace.ext.pools, expected: 'hash' },
    { key: keyspace.knownJobs, expected: 'set' },
  ];
  const commands = needed.map(({ key }) => ['TYPE', key] as const);
  const types = (await readTogether(redis, commands)) as readonly (Buffer | undefined)[];
  const found = needed.map((need, at) => ({ ...need, holds: types[at]?.toString() ?? 'none' }));
  return found.find(({ holds, expected }) => holds !== 'none' && holds !== expected);
}

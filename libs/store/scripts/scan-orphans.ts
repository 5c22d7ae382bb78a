import type { Keyspace } from '#protocol';
import { Script } from '../script.js';
import type { WorkRedis } from '../work-redis.js';
import { sources } from './sources.generated.js';

const script = new Script(sources.scanOrphans);

/** An in-progress list whose pool stands in no set. */
export interface OrphanedList {
  readonly jobName: string;
  readonly poolId: string;
  /** Of its oldest entry, to tell whether it is still the same later. */
  readonly oldestSha1: string;
}

export interface OrphanScanReply {
  /** '0': every key was seen. */
  readonly cursor: string;
  readonly lists: readonly OrphanedList[];
}

/** Walks about `count` keys of the server that holds this namespace. */
export async function scanOrphans(
  redis: WorkRedis,
  keyspace: Keyspace,
  cursor: string,
  count: number,
): Promise<OrphanScanReply> {
  const keys = [keyspace.workerPools, keyspace.ext.pools, keyspace.ext.reaping, keyspace.knownJobs];
  const pattern = `${escapeGlob(keyspace.queue(''))}*:inprogress`;
  const reply = (await script.run(redis, keys, [cursor, pattern, keyspace.queue(''), count])) as Buffer[];
  const [next, ...rest] = reply.map(String);
  const lists: OrphanedList[] = [];
  for (let i = 0; i < rest.length; i += 3) {
    const [jobName = '', poolId = '', oldestSha1 = ''] = rest.slice(i, i + 3);
    lists.push({ jobName, poolId, oldestSha1 });
  }
  return { cursor: next ?? '0', lists };
}

function escapeGlob(text: string): string {
  return text.replace(/[\\*?[\]]/g, '\\$&');
}

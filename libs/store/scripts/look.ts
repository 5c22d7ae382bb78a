import type { Keyspace } from '#protocol';
import { Script } from '../script.js';
import type { WorkRedis } from '../work-redis.js';
import { sources } from './sources.generated.js';

const script = new Script(sources.look);

export interface LookReply {
  readonly members: readonly string[];
  /** Ids of pools of this package, older ids of a process included. Members that are not among them are Go's. */
  readonly ours: ReadonlySet<string>;
  readonly reaping: readonly string[];
  /** `heartbeat_at` of each pool looked at, '' for none. To be compared with itself only: it is another host's time. */
  readonly beats: ReadonlyMap<string, string>;
}

/** Reads who is there, and the heartbeats of some pools, from the server that takes the writes. */
export async function look(redis: WorkRedis, keyspace: Keyspace, poolIds: readonly string[]): Promise<LookReply> {
  const sets = [keyspace.workerPools, keyspace.ext.pools, keyspace.ext.reaping];
  const keys = [...sets, ...poolIds.map((id) => keyspace.heartbeat(id))];
  const reply = (await script.run(redis, keys, [])) as [Buffer[], Buffer[], Buffer[], (Buffer | null)[]];
  const [members, ours, reaping, beats] = reply;
  return {
    members: members.map(String),
    ours: new Set(ours.map(String)),
    reaping: reaping.map(String),
    beats: new Map(poolIds.map((id, index) => [id, beats[index]?.toString() ?? ''])),
  };
}

import type { Keyspace } from '#protocol';
import { replyError } from '../reply-error.js';
import { Script } from '../script.js';
import type { WorkRedis } from '../work-redis.js';
import { sources } from './sources.generated.js';

const script = new Script(sources.quarantineWaiting);

export interface WaitingOutcast {
  /** As it stands in the sorted set. */
  readonly entry: Buffer;
  /** From `encodeQuarantined`. */
  readonly quarantined: Buffer;
}

export interface QuarantineWaitingReply<Outcast extends WaitingOutcast> {
  /** Those that were still there and were set aside. */
  readonly done: readonly Outcast[];
  /** Redis' error where the quarantine refused one: it and those behind it stay. */
  readonly refused: Error | undefined;
}

/** Takes entries out of a sorted set of waiting jobs into the quarantine. */
export async function quarantineWaiting<Outcast extends WaitingOutcast>(
  redis: WorkRedis,
  keyspace: Keyspace,
  waitingSet: string,
  outcasts: readonly Outcast[],
): Promise<QuarantineWaitingReply<Outcast>> {
  const keys = [waitingSet, keyspace.ext.quarantine, keyspace.ext.scratch];
  const args = outcasts.flatMap(({ entry, quarantined }) => [entry, quarantined]);
  const [positions, error] = (await script.run(redis, keys, args)) as [number[], Buffer];
  const refused = error.length > 0 ? replyError(error.toString()) : undefined;
  return { done: positions.map((position) => outcasts[position - 1]!), refused };
}

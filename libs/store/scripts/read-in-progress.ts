import type { Keyspace } from '#protocol';
import { Script } from '../script.js';
import { sources } from './sources.generated.js';
import { decodeKeyErrors, type KeyError } from './shared/key-errors.js';
import type { WorkRedis } from '../work-redis.js';

const script = new Script(sources.readInProgress);

export interface ReadInProgressStep {
  readonly poolId: string;
  /** Above that of every call that the pool made before: each of them is refused from then on. */
  readonly number: number;
  readonly queueNames: readonly string[];
}

export interface ReadInProgressReply {
  readonly isMember: boolean;
  /** What Redis has stored now; the next call needs a higher one. */
  readonly number: number;
  /** Of each queue that has any, oldest first. */
  readonly entries: ReadonlyMap<string, readonly Buffer[]>;
  readonly errors: readonly KeyError[];
}

/** @throws Redis' error reply, or any other error where nobody knows; reading again is harmless. */
export async function readInProgress(
  redis: WorkRedis,
  keyspace: Keyspace,
  { poolId, number, queueNames }: ReadInProgressStep,
): Promise<ReadInProgressReply> {
  const lists = queueNames.map((name) => keyspace.inProgress(name, poolId));
  const keys = [keyspace.workerPools, keyspace.ext.call(poolId), ...lists];
  const reply = (await script.run(redis, keys, [poolId, number])) as RawReply;
  return {
    isMember: reply[0] === 1,
    number: reply[1],
    entries: entriesByQueue(reply[2], queueNames),
    errors: decodeKeyErrors(reply[3]),
  };
}

type RawReply = [number, number, (number | Buffer[])[], Buffer[]];

function entriesByQueue(raw: RawReply[2], queueNames: readonly string[]): ReadonlyMap<string, readonly Buffer[]> {
  const entries = new Map<string, readonly Buffer[]>();
  for (let i = 0; i < raw.length; i += 2)
    entries.set(queueNames[(raw[i] as number) - 1]!, (raw[i + 1] as Buffer[]).reverse());
  return entries;
}

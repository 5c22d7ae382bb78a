import type { EpochSeconds, Keyspace } from '#protocol';
import type { WorkRedis } from './work-redis.js';

/** Keeps a single call of a pool with many specs from holding Redis up. */
const TICKS_PER_CALL = 1_000;

export interface PeriodicTick {
  readonly at: EpochSeconds;
  /** The job of this instant, the same bytes in every process that knows the spec. */
  readonly job: Buffer;
}

/** Puts ticks that do not wait already into the scheduled set. Gives how many are new. Safe to repeat. */
export async function addTicks(redis: WorkRedis, keyspace: Keyspace, ticks: readonly PeriodicTick[]): Promise<number> {
  let added = 0;
  for (let i = 0; i < ticks.length; i += TICKS_PER_CALL) {
    const pairs = ticks.slice(i, i + TICKS_PER_CALL).flatMap(({ at, job }) => [String(at), job]);
    added += (await redis.callBuffer('ZADD', [keyspace.scheduled, 'NX', ...pairs])) as number;
  }
  return added;
}

import type { Keyspace } from '#protocol';
import { Script } from '../script.js';
import type { WorkRedis } from '../work-redis.js';
import { sources } from './sources.generated.js';

const script = new Script(sources.claimUnique);

export interface ClaimUniqueStep {
  readonly poolId: string;
  /** The job type whose list holds the entry. */
  readonly queueName: string;
  readonly uniqueKey: string;
  /** As it stands in the in-progress list. */
  readonly entry: Buffer;
  /** What takes its place. */
  readonly winner: Buffer;
  /** What was read from the key; null where it was gone, and then the key is left alone. */
  readonly value: Buffer | null;
}

export type ClaimUniqueReply =
  | { readonly kind: 'claimed' }
  /** The entry is in the list no more: the pool lost the job. */
  | { readonly kind: 'gone' }
  /** Another value stands in the key, or none: choose again. */
  | { readonly kind: 'changed'; readonly value: Buffer | null };

/** A second application of the same step changes nothing and answers the same, so it can be repeated until known. */
export async function claimUnique(
  redis: WorkRedis,
  keyspace: Keyspace,
  { poolId, queueName, uniqueKey, entry, winner, value }: ClaimUniqueStep,
): Promise<ClaimUniqueReply> {
  const keys = [keyspace.inProgress(queueName, poolId), uniqueKey, keyspace.ext.scratch];
  const reply = await script.run(redis, keys, [entry, winner, value ? '1' : '0', value ?? '']);
  if (Array.isArray(reply)) return { kind: 'changed', value: (reply as Buffer[])[0] ?? null };
  return { kind: reply === 1 ? 'claimed' : 'gone' };
}

import { Script } from '../script.js';
import type { WorkRedis } from '../work-redis.js';
import { sources } from './sources.generated.js';

const script = new Script('claim-unique', sources.claimUnique);

export interface ClaimUniqueStep {
  readonly inProgressKey: string;
  readonly uniqueKey: string;
  readonly scratchKey: string;
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
export async function claimUnique(redis: WorkRedis, step: ClaimUniqueStep): Promise<ClaimUniqueReply> {
  const { inProgressKey, uniqueKey, scratchKey, entry, winner, value } = step;
  const keys = [inProgressKey, uniqueKey, scratchKey];
  const reply = await script.run(redis, keys, [entry, winner, value ? '1' : '0', value ?? '']);
  if (Array.isArray(reply)) return { kind: 'changed', value: (reply as Buffer[])[0] ?? null };
  return { kind: reply === 1 ? 'claimed' : 'gone' };
}

import type { ReapCause } from '#store';
import { Reap, type ReapOptions, type ReapTally } from './reap.js';

export interface PoolToReap {
  readonly poolId: string;
  readonly cause: ReapCause;
}

export type PoolReapTally = ReapTally & { readonly poolId: string };

/**
 * Reaps one after the other; one that cannot be reaped does not keep the others from it.
 *
 * @throws the first error, after all
 */
export async function reapAll(
  pools: readonly PoolToReap[],
  options: ReapOptions,
  isStopping: () => boolean,
): Promise<readonly PoolReapTally[]> {
  const tallies: PoolReapTally[] = [];
  const errors: unknown[] = [];
  for (const { poolId, cause } of pools) {
    try {
      tallies.push({ poolId, ...(await new Reap(options, poolId, cause, isStopping).run()) });
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 0) throw errors[0];
  return tallies;
}

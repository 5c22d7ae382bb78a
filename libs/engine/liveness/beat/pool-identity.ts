import { hostname } from 'node:os';
import type { PoolHeartbeat } from '#store';

/** Under which id a pool beats, and what it says of itself. Plain data: it travels to the thread of the heartbeat. */
export interface PoolIdentity extends Omit<PoolHeartbeat, 'heartbeatAt'> {
  readonly poolId: string;
}

/**
 * Go names an id for each worker and looks up what each one runs. Each beat repeats them and each reader walks them, so a
 * pool of more workers names only so many, and shows only so many running jobs.
 */
export const MAX_WORKER_IDS = 100;

/** gocraft/work's word where the system does not say. */
export function hostName(): string {
  try {
    return hostname();
  } catch {
    return 'hostname_errored';
  }
}

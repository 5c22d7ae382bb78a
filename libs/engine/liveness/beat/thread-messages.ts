import type { RedisOptions } from 'ioredis';
import type { WorkEvent } from '../../events.js';
import type { LivenessIntervals } from './beat-and-watch.js';
import type { PoolIdentity } from './pool-identity.js';

/** What the thread of the heartbeat is started with. */
export interface BeatThreadData extends LivenessIntervals {
  readonly connection: RedisOptions;
  readonly namespace: string;
  readonly identity: PoolIdentity | undefined;
  /** Memory of `Vitals`. */
  readonly vitals: SharedArrayBuffer;
  /** What is added to `process.hrtime` to get the pool's monotonic time, in milliseconds. */
  readonly monotonicOffsetMs: number;
  /** Wall time of the pool's clock now, milliseconds since the epoch. */
  readonly nowMs: number;
  readonly maxBlockedMs: number;
}

export type ToThread =
  { readonly kind: 'identity'; readonly identity: PoolIdentity | undefined } | { readonly kind: 'stop' };

export type FromThread =
  /** `atMs`: monotonic time of the pool when `redisMs` was read. */
  | { readonly kind: 'time'; readonly redisMs: number; readonly atMs: number }
  | { readonly kind: 'fenced'; readonly poolId: string }
  | { readonly kind: 'event'; readonly event: WorkEvent };

/** One clock for all threads of a process, in milliseconds; `performance.now` begins anew in each. */
export function processMonotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

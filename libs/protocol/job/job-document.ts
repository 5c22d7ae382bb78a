import type { EpochSeconds } from './epoch-seconds.js';

/** A job as it stands in a list or set, decoded as Go would decode it. */
export interface JobDocument {
  /** Never empty. */
  readonly name: string;
  readonly id: string;
  /** When it was enqueued, or moved to its queue: seconds since 1970. */
  readonly t: EpochSeconds;
  /** As JSON.parse makes them, which rounds integers beyond 2^53: a key `__proto__` is an own property. */
  readonly args: Readonly<Record<string, unknown>> | null;
  /** The arguments as stored, byte for byte. */
  readonly argsBytes: Buffer;
  readonly unique: boolean;
  /** The whole Redis key of the uniqueness mark, where the producer wrote one. */
  readonly uniqueKey: string | undefined;
  /** Failed attempts so far. */
  readonly fails: number;
  /** Text of the last error. */
  readonly err: string | undefined;
  /** When it last failed: seconds since 1970. */
  readonly failedAt: EpochSeconds | undefined;
  /** It was unique until it first started (it is not any more, see `CLAIMED`). */
  readonly claimed: boolean;
  /** How often it was taken over from a pool that died, since its last attempt that ended. The third time it is given up. */
  readonly recovered: number;
}

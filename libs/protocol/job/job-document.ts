import type { EpochSeconds } from './epoch-seconds.js';

/** A job as it stands in a list or set, decoded as Go would decode it. */
export interface JobDocument {
  /** Never empty. */
  readonly name: string;
  readonly id: string;
  /** When it was enqueued, or moved to its queue. */
  readonly t: EpochSeconds;
  /** As JSON.parse makes them: a key `__proto__` is an own property. */
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
  readonly failedAt: EpochSeconds | undefined;
  /** Its uniqueness was claimed: it neither reads nor deletes its key again. */
  readonly claimed: boolean;
  /** How often it was taken over from a pool that died. */
  readonly recovered: number;
}

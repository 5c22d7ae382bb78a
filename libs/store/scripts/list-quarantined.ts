import type { Keyspace } from '#protocol';
import { Script } from '../script.js';
import type { WorkRedis } from '../work-redis.js';
import { sources } from './sources.generated.js';

const script = new Script(sources.listQuarantined);

export interface QuarantineSlice {
  /** Of all entries. */
  readonly count: number;
  readonly entries: readonly QuarantineSliceEntry[];
}

export interface QuarantineSliceEntry {
  /** SHA-1 of the whole entry, which names it. */
  readonly digest: string;
  /** Bytes of the whole entry. */
  readonly size: number;
  readonly beginning: Buffer;
}

/** Entries of the quarantine from position `first` on, the newest first, of each at most `maxBytes`. */
export async function listQuarantined(
  redis: WorkRedis,
  keyspace: Keyspace,
  range: { readonly first: number; readonly count: number; readonly maxBytes: number },
): Promise<QuarantineSlice> {
  const { first, count, maxBytes } = range;
  const reply = await script.run(redis, [keyspace.ext.quarantine], [first, first + count - 1, maxBytes]);
  const [total, ...parts] = reply as [number, ...(Buffer | number)[]];
  const entries = Array.from({ length: parts.length / 3 }, (_, index) => {
    const [digest, size, beginning] = parts.slice(3 * index) as [Buffer, number, Buffer];
    return { digest: digest.toString(), size, beginning };
  });
  return { count: total, entries };
}

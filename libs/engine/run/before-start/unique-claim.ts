import { CLAIMED, decodeJob, encodeGoJson, parseWithBigIntegers, quoted, spliceJob, uniqueKey } from '#protocol';
import type { JobDocument, Keyspace } from '#protocol';
import { claimUnique, isErrorReply, type WorkRedis } from '#store';
import type { Report } from '../../events.js';
import type { HeldEntry } from '../held-entry.js';
import { JobNotStartedError } from './job-not-started-error.js';
import { UntilAnswered } from './until-answered.js';

export interface UniqueClaimOptions {
  readonly redis: WorkRedis;
  readonly keyspace: Keyspace;
  readonly report: Report;
}

/** What was read: the key that stood there, and its value; null where none did. */
interface Mark {
  readonly key: string;
  readonly value: Buffer | null;
}

/**
 * Ends a unique job's uniqueness as it starts, once in its life. What a by-key enqueue has left in the key meanwhile runs
 * instead of what was queued. The bytes that win take the entry's place, unique no more, in the step that deletes the key:
 * so whoever runs the job again, after an interruption or a crash, Go too, leaves alone a key that is then another job's.
 */
export class UniqueClaim {
  readonly #untilAnswered: UntilAnswered;

  constructor(private readonly options: UniqueClaimOptions) {
    const { redis, report } = options;
    this.#untilAnswered = new UntilAnswered({ redis, report, role: 'UniqueClaim' });
  }

  /** A failed attempt deleted its key when it started, whoever ran it. */
  static isDue(document: JobDocument): boolean {
    return document.unique && !document.claimed && document.fails === 0;
  }

  /**
   * The document that runs: that of `held.bytes` afterwards.
   *
   * @throws JobNotStartedError where the pool lost the job, or was interrupted before the claim
   */
  async claim(held: HeldEntry, document: JobDocument): Promise<JobDocument> {
    const keys = this.#keysOf(document);
    if (keys.length === 0) return document;
    await held.claim(() => this.#replace(held, document, keys));
    return decodeJob(held.bytes);
  }

  async #replace(held: HeldEntry, document: JobDocument, keys: readonly string[]): Promise<Buffer> {
    const { redis, keyspace } = this.options;
    const { bytes: entry, poolId, queueName } = held;
    let { key, value } = await this.#read(keys, held);
    for (;;) {
      const winner = spliceJob(winnerOf(document, entry, value), CLAIMED);
      const step = { poolId, queueName, uniqueKey: key, entry, winner, value };
      const claim = () => claimUnique(redis, keyspace, step);
      const reply = await this.#untilAnswered.run(claim, held.signal, 'when it was not applied');
      if (reply.kind === 'claimed') return winner;
      if (reply.kind === 'gone')
        throw new JobNotStartedError(`another pool took job ${quoted(document.name)} ${document.id} over`);
      value = reply.value;
    }
  }

  async #read(keys: readonly string[], held: HeldEntry): Promise<Mark> {
    for (const key of keys) {
      const value = await this.#untilAnswered.run(() => this.#valueOf(key), held.signal, 'whenever asked');
      if (value) return { key, value };
    }
    return { key: keys[0] ?? '', value: null };
  }

  async #valueOf(key: string): Promise<Buffer | null> {
    try {
      return await this.options.redis.getBuffer(key);
    } catch (error) {
      if (isErrorReply(error, 'WRONGTYPE')) return null; // nobody's mark
      throw error;
    }
  }

  /** None where the document names a key that is not of its own type: it came from outside, and is not ours to delete. */
  #keysOf(document: JobDocument): readonly string[] {
    const { keyspace, report } = this.options;
    if (!document.uniqueKey) return recomputedKeys(keyspace, document);
    if (document.uniqueKey.startsWith(keyspace.uniquePrefix(document.name))) return [document.uniqueKey];
    report({
      type: 'warning',
      code: 'WORK_FOREIGN_UNIQUE_KEY',
      message:
        `Job ${quoted(document.name)} ${document.id} names the uniqueness key ${quoted(document.uniqueKey)}, which is ` +
        `no key of its type. It runs, and that key is left alone. Look for the program that enqueued it.`,
    });
    return [];
  }
}

/**
 * Producers of gocraft/work 0.5.1 leave the key out. It was made of the arguments' text, which is still that of the
 * document unless Go's requeuer wrote it anew in another order; sorting it again then gives the first text.
 */
export function recomputedKeys(keyspace: Keyspace, { name, args, argsBytes }: JobDocument): readonly string[] {
  if (args === null) return [uniqueKey(keyspace, name, null)];
  const stored = argsBytes.toString();
  const sorted = encodeGoJson(parseWithBigIntegers(argsBytes));
  return [...new Set([stored, sorted])].map((json) => uniqueKey(keyspace, name, json));
}

/** A value that is no job of the same name (`1` for a job without a key of its own) says nothing: the queued bytes win. */
function winnerOf(queued: JobDocument, entry: Buffer, value: Buffer | null): Buffer {
  if (!value || value.length < 2) return entry;
  try {
    return decodeJob(value).name === queued.name ? value : entry;
  } catch {
    return entry;
  }
}

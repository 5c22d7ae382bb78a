import { readScore } from '../read-score.js';
import { Script } from '../script.js';
import type { WorkRedis } from '../work-redis.js';
import { sources } from './sources.generated.js';

const script = new Script(sources.findEntries);

export interface EntryRange {
  /** List or sorted set. */
  readonly key: string;
  /** Of a list from its head, of a set from its highest score: so that what is taken meanwhile moves none out of sight. */
  readonly first: number;
  readonly count: number;
}

export interface FoundEntries {
  /** Fewer than asked for at the end. */
  readonly scanned: number;
  /** Candidates: decode them to know. The score is undefined in a list. */
  readonly entries: readonly { readonly bytes: Buffer; readonly score: number | undefined }[];
}

/**
 * Entries in which a text may stand, such as the id of a job, found without bringing the others here.
 *
 * @param isPlain whether the text is never written with escapes
 */
export async function findEntries(
  redis: WorkRedis,
  range: EntryRange,
  text: string,
  isPlain = false,
): Promise<FoundEntries> {
  const { key, first, count } = range;
  const reply = await script.run(redis, [key], [first, first + count - 1, text, isPlain ? 1 : 0]);
  const [scanned, ...pairs] = reply as [number, ...Buffer[]];
  const entries = pairs.flatMap((score, index) => {
    const bytes = pairs[index + 1];
    return index % 2 === 0 && bytes ? [{ bytes, score: score.length > 0 ? readScore(score) : undefined }] : [];
  });
  return { scanned, entries };
}

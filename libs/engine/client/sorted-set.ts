import type { EpochSeconds } from '#protocol';
import { deleteSet, readAll, readScore, type WorkRedis } from '#store';
import { listEntry, type JobPage, type ListedJob } from './listed-entry.js';
import { firstOfPage, type Page } from './page.js';

/** A member that is a job, and its bytes. */
export interface Member extends ListedJob {
  readonly at: EpochSeconds;
  readonly bytes: Buffer;
}

/** Members of one score that are read at once. */
const STEP = 200;

/** The jobs of a sorted set: scheduled, to be retried, or dead. */
export class SortedSet {
  constructor(
    private readonly redis: WorkRedis,
    readonly key: string,
  ) {}

  /** The lowest score first; where scores are equal, in the order of the bytes. */
  async page(page: Page): Promise<JobPage> {
    const first = firstOfPage(page);
    const last = first + page.size - 1;
    const [count, reply] = await readAll(this.redis, this.key, [
      ['ZCARD', this.key],
      ['ZRANGE', this.key, first, last, 'WITHSCORES'],
    ]);
    return { count: Number(count ?? 0), jobs: pairs(reply).map(([bytes, at]) => listEntry(bytes, at)) };
  }

  /** The jobs with exactly this score and id: more than one only where someone has written twins. */
  async find(at: EpochSeconds, jobId: string): Promise<Member[]> {
    const found: Member[] = [];
    for (let offset = 0; ; offset += STEP) {
      const members = await this.range(at, at, offset, STEP);
      found.push(...members.flatMap(toMember).filter(({ job }) => job.id === jobId));
      if (members.length < STEP) return found;
    }
  }

  /** Answers how many there were. */
  deleteAll(): Promise<number> {
    return deleteSet(this.redis, this.key);
  }

  /** Members with a score from `min` to `max`, as bytes and score. */
  async range(
    min: number,
    max: number,
    offset: number,
    count: number,
  ): Promise<readonly (readonly [Buffer, number])[]> {
    const scores = [scoreText(min), scoreText(max)] as const;
    const range = ['ZRANGEBYSCORE', this.key, ...scores, 'WITHSCORES', 'LIMIT', offset, count] as const;
    const [reply] = await readAll(this.redis, this.key, [range]);
    return pairs(reply);
  }
}

/** None where it is no job. */
export function toMember([bytes, at]: readonly [Buffer, number]): Member[] {
  const entry = listEntry(bytes, at);
  return entry.kind === 'job' ? [{ ...entry, at, bytes }] : [];
}

function pairs(reply: unknown): (readonly [Buffer, number])[] {
  const flat = (reply ?? []) as readonly Buffer[];
  return flat.flatMap((bytes, index) => (index % 2 === 0 ? [[bytes, readScore(flat[index + 1])] as const] : []));
}

function scoreText(score: number): string {
  if (Number.isFinite(score)) return String(score);
  return score > 0 ? '+inf' : '-inf';
}

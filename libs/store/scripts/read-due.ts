import type { EpochSeconds } from '#protocol';
import { readScore } from '../read-score.js';
import { Script } from '../script.js';
import type { WorkRedis } from '../work-redis.js';
import { sources } from './sources.generated.js';

const script = new Script(sources.readDue);

export interface DueLimits {
  readonly jobs: number;
  /** A page of up to 50 jobs that passes it is the last. */
  readonly bytes: number;
}

export interface DueEntry {
  readonly bytes: Buffer;
  readonly score: EpochSeconds;
}

export interface DueReply {
  /** The earliest first. */
  readonly due: readonly DueEntry[];
  /** Score of the first entry that is not in `due`, due itself where a limit was reached; undefined where there is none. */
  readonly next: EpochSeconds | undefined;
}

/** Reads what is due in a sorted set of waiting jobs at `now`, an epoch second. */
export async function readDue(
  redis: WorkRedis,
  waitingSet: string,
  now: EpochSeconds,
  limits: DueLimits,
): Promise<DueReply> {
  const reply = (await script.run(redis, [waitingSet], [now, limits.jobs, limits.bytes])) as Buffer[];
  const due: DueEntry[] = [];
  for (let i = 1; i < reply.length; i += 2) due.push({ bytes: reply[i]!, score: readScore(reply[i + 1]) });
  return { due, next: reply[0]?.length ? readScore(reply[0]) : undefined };
}

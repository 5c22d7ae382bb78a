import { decodeJob, spliceJob, UndecodableJobError, type EpochSeconds, type Keyspace } from '#protocol';
import { findEntries, moveDue, type DueJob, type WorkRedis } from '#store';

/** What gocraft/work's requeuer writes into a job whose type its pool has not registered, before it sends it to dead. */
const GO_ERROR = 'unknown job when requeueing';
/** Dead entries that Redis looks through in one call. */
const ENTRIES_PER_CALL = 200;

export interface UnknownJobsSearch {
  /** Types that somebody runs; what is of another one stays where it is. */
  readonly jobNames: ReadonlySet<string>;
  /** Those that died before are not looked at. @default all are */
  readonly diedSince?: EpochSeconds | undefined;
  readonly now: EpochSeconds;
  /** Asked between two calls. @default never */
  readonly isStopping?: (() => boolean) | undefined;
}

export interface UnknownJobsTally {
  readonly retried: number;
  /** Types of those retried. */
  readonly jobNames: readonly string[];
}

/**
 * Puts dead jobs that never died, since a pool of gocraft/work only did not know their type, into the queues of their names.
 * Their attempts so far count. Any number of processes can do it at once: each job is moved by one.
 */
export async function retryUnknownJobs(
  redis: WorkRedis,
  keyspace: Keyspace,
  search: UnknownJobsSearch,
): Promise<UnknownJobsTally> {
  const { diedSince, isStopping = () => false } = search;
  const { dead } = keyspace;
  const count = diedSince === undefined ? Infinity : await redis.zcount(dead, diedSince, '+inf');
  const jobNames = new Set<string>();
  let retried = 0;
  for (let first = 0, left = count; left > 0 && !isStopping();) {
    const asked = Math.min(ENTRIES_PER_CALL, left);
    const { scanned, entries } = await findEntries(redis, { key: dead, first, count: asked }, GO_ERROR);
    const jobs = entries.flatMap(({ bytes }) => toUnknownJob(bytes, search));
    const { moved, refused } = jobs.length > 0 ? await moveDue(redis, keyspace, dead, jobs) : { moved: 0, refused: [] };
    retried += moved;
    if (moved > 0) for (const { name } of jobs) jobNames.add(name);
    if (scanned < asked) break;
    left -= scanned;
    first += scanned - (jobs.length - refused.length);
  }
  return { retried, jobNames: [...jobNames].sort() };
}

function toUnknownJob(entry: Buffer, { jobNames, now }: UnknownJobsSearch): DueJob[] {
  try {
    const { name, err } = decodeJob(entry);
    if (err !== GO_ERROR || !jobNames.has(name)) return [];
    return [{ name, entry, job: spliceJob(entry, { t: now, err: null, failed_at: null }), tickId: undefined }];
  } catch (error) {
    if (!(error instanceof UndecodableJobError)) throw error;
    return [];
  }
}

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

export interface FoundUnknownJobs {
  readonly found: number;
  /** Types of those found. */
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
  const jobNames = new Set<string>();
  let retried = 0;
  await eachUnknownJobs(redis, keyspace, search, async (jobs) => {
    const { moved, refused } = await moveDue(redis, keyspace, keyspace.dead, jobs);
    retried += moved;
    if (moved > 0) for (const { name } of jobs) jobNames.add(name);
    return jobs.length - refused.length;
  });
  return { retried, jobNames: [...jobNames].sort() };
}

/** Counts what `retryUnknownJobs` would put back. */
export async function findUnknownJobs(
  redis: WorkRedis,
  keyspace: Keyspace,
  search: UnknownJobsSearch,
): Promise<FoundUnknownJobs> {
  const jobNames = new Set<string>();
  let found = 0;
  await eachUnknownJobs(redis, keyspace, search, (jobs) => {
    found += jobs.length;
    for (const { name } of jobs) jobNames.add(name);
    return Promise.resolve(0);
  });
  return { found, jobNames: [...jobNames].sort() };
}

/** @param visit answers how many of them are dead no more */
async function eachUnknownJobs(
  redis: WorkRedis,
  { dead }: Keyspace,
  search: UnknownJobsSearch,
  visit: (jobs: readonly DueJob[]) => Promise<number>,
): Promise<void> {
  const { diedSince, isStopping = () => false } = search;
  const count = diedSince === undefined ? Infinity : await redis.zcount(dead, diedSince, '+inf');
  for (let first = 0, left = count; left > 0 && !isStopping();) {
    const asked = Math.min(ENTRIES_PER_CALL, left);
    const { scanned, entries } = await findEntries(redis, { key: dead, first, count: asked }, GO_ERROR);
    const jobs = entries.flatMap(({ bytes }) => toUnknownJob(bytes, search));
    const gone = jobs.length > 0 ? await visit(jobs) : 0;
    if (scanned < asked) break;
    left -= scanned;
    first += scanned - gone;
  }
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

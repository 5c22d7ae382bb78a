import { decodeJob, spliceJob, UndecodableJobError, type EpochSeconds, type Keyspace } from '#protocol';
import { findEntries, moveDue, type DueJob, type WorkRedis } from '#store';

/** What gocraft/work's requeuer writes into a job whose type its pool has not registered, before it sends it to dead. */
const GO_ERROR = 'unknown job when requeueing';
/** Dead entries that Redis looks through in one call, or about as many. */
const ENTRIES_PER_CALL = 200;

export interface UnknownJobsSearch {
  /** Types that somebody runs; what is of another one stays where it is. */
  readonly jobNames: ReadonlySet<string>;
  /** Those that died before need not be looked at. @default all are */
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
  for await (const jobs of unknownJobs(redis, keyspace, search)) {
    const { moved, refused } = await moveDue(redis, keyspace, keyspace.dead, jobs);
    retried += moved;
    const stayed = new Set(refused.map(({ job }) => job));
    if (moved > 0) for (const job of jobs) if (!stayed.has(job)) jobNames.add(job.name);
  }
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
  for await (const jobs of unknownJobs(redis, keyspace, search)) {
    found += jobs.length;
    for (const { name } of jobs) jobNames.add(name);
  }
  return { found, jobNames: [...jobNames].sort() };
}

async function* unknownJobs(
  redis: WorkRedis,
  { dead }: Keyspace,
  search: UnknownJobsSearch,
): AsyncGenerator<readonly DueJob[]> {
  const { diedSince, isStopping = () => false } = search;
  const steps = diedSince === undefined ? allEntries(redis, dead) : recentEntries(redis, dead, diedSince);
  for await (const entries of steps) {
    const jobs = entries.flatMap((entry) => toUnknownJob(entry, search));
    if (jobs.length > 0) yield jobs;
    if (isStopping()) return;
  }
}

/** By a scan, from which nothing that others take out meanwhile hides an entry. */
async function* allEntries(redis: WorkRedis, dead: string): AsyncGenerator<readonly Buffer[]> {
  let cursor = '0';
  do {
    const match = ['MATCH', `*${GO_ERROR}*`, 'COUNT', ENTRIES_PER_CALL] as const;
    const [next, members] = await redis.zscanBuffer(dead, cursor, ...match);
    yield members.filter((_, index) => index % 2 === 0); // each is followed by its score
    cursor = next.toString();
  } while (cursor !== '0');
}

/**
 * By position, which is cheap where many are dead, from the last to the first, so that what is moved shifts none of them. One
 * that is missed since others come and go is recent for some passes more.
 */
async function* recentEntries(
  redis: WorkRedis,
  dead: string,
  diedSince: EpochSeconds,
): AsyncGenerator<readonly Buffer[]> {
  const recent = await redis.zcount(dead, diedSince, '+inf');
  for (let left = recent; left > 0; left -= ENTRIES_PER_CALL) {
    const count = Math.min(ENTRIES_PER_CALL, left);
    const first = left - count;
    const { entries } = await findEntries(redis, { key: dead, first, count }, GO_ERROR, true);
    yield entries.map(({ bytes }) => bytes);
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

import { InvalidNamespaceError } from './invalid-namespace-error.js';

/**
 * Every Redis key of one namespace. The first block is gocraft/work's, byte for byte; what Go does not know lives under
 * `<namespace>:ext:`, so that the wire keys stay recognisable.
 *
 * A namespace that already ends in ":" is used as it is. With a hash tag, `{my_app}`, all keys share one Cluster slot.
 */
export class Keyspace {
  readonly prefix: string;
  readonly knownJobs: string;
  readonly scheduled: string;
  readonly retry: string;
  readonly dead: string;
  readonly workerPools: string;
  readonly lastPeriodicEnqueue: string;
  readonly ext: ExtensionKeys;

  /** @throws InvalidNamespaceError unless 1 to 128 characters without control characters. */
  constructor(readonly namespace: string) {
    if (!isUsableNamespace(namespace)) throw new InvalidNamespaceError(namespace);
    this.prefix = namespace.endsWith(':') ? namespace : `${namespace}:`;
    this.knownJobs = `${this.prefix}known_jobs`;
    this.scheduled = `${this.prefix}scheduled`;
    this.retry = `${this.prefix}retry`;
    this.dead = `${this.prefix}dead`;
    this.workerPools = `${this.prefix}worker_pools`;
    this.lastPeriodicEnqueue = `${this.prefix}last_periodic_enqueue`;
    this.ext = new ExtensionKeys(`${this.prefix}ext:`);
  }

  /** List of waiting jobs: head = newest, tail = next to run. */
  queue(job: string): string {
    return `${this.prefix}jobs:${job}`;
  }

  /** List of the jobs that one pool has taken and not settled, raw bytes as fetched. */
  inProgress(job: string, poolId: string): string {
    return `${this.queue(job)}:${poolId}:inprogress`;
  }

  /** Present (with any value) while the job type is paused. */
  paused(job: string): string {
    return `${this.queue(job)}:paused`;
  }

  /** Count of running jobs of the type over all pools. */
  lock(job: string): string {
    return `${this.queue(job)}:lock`;
  }

  /** Hash: pool id → how many jobs of the type that pool runs. */
  lockInfo(job: string): string {
    return `${this.queue(job)}:lock_info`;
  }

  /** Limit over all pools; 0, absent or not a number = no limit. */
  maxConcurrency(job: string): string {
    return `${this.queue(job)}:max_concurrency`;
  }

  /** Hash of a pool's last heartbeat. */
  heartbeat(poolId: string): string {
    return `${this.prefix}worker_pools:${poolId}`;
  }

  /** Hash of what one worker runs now; absent = idle. */
  observation(workerId: string): string {
    return `${this.prefix}worker:${workerId}`;
  }

  /** What every uniqueness key of a job type begins with. */
  uniquePrefix(job: string): string {
    return `${this.prefix}unique:${job}:`;
  }
}

/** Keys of ours that gocraft/work does not know. */
export class ExtensionKeys {
  /** Hash: each pool id of ours → the id under which that process beats now. */
  readonly pools: string;
  /** Set of the pool ids whose jobs are being moved back to their queues. */
  readonly reaping: string;
  /** List of undecodable entries: one line of JSON (reason, from, at), a line break, the bytes as found. */
  readonly quarantine: string;
  /** Hash: max_concurrency key of a job type → what a pool of ours last wrote there. */
  readonly limits: string;
  /** Never written; deleted first in a script, so that the rest of it is exempt from maxmemory. */
  readonly scratch: string;

  constructor(private readonly prefix: string) {
    this.pools = `${prefix}pools`;
    this.reaping = `${prefix}reaping`;
    this.quarantine = `${prefix}quarantine`;
    this.limits = `${prefix}limits`;
    this.scratch = `${prefix}scratch`;
  }

  /** Number of the last settle-and-fetch call of a pool. */
  call(poolId: string): string {
    return `${this.prefix}call:${poolId}`;
  }

  /** Hash: id of a job that was recovered twice and that the pool has started → since when. */
  suspect(poolId: string): string {
    return `${this.prefix}suspect:${poolId}`;
  }

  /** List of the last failed attempts of a job, newest last, each a JSON object. */
  attempts(jobId: string): string {
    return `${this.prefix}attempts:${jobId}`;
  }

  /** Number and reply of the last enqueue call of a producer. */
  producer(producerId: string): string {
    return `${this.prefix}producer:${producerId}`;
  }

  /** Changed once by a process to see whether Redis tells it of changes. */
  wake(id: string): string {
    return `${this.prefix}wake:${id}`;
  }

  /** Present for an hour after a periodic tick was moved to its queue, or deleted. */
  fired(periodicJobId: string): string {
    return `${this.prefix}fired:${periodicJobId}`;
  }
}

// oxlint-disable-next-line no-control-regex
const CONTROL_CHARACTERS = /[\u0000-\u001f\u007f]/;

function isUsableNamespace(namespace: unknown): boolean {
  return (
    typeof namespace === 'string' &&
    namespace.length >= 1 &&
    namespace.length <= 128 &&
    !CONTROL_CHARACTERS.test(namespace)
  );
}

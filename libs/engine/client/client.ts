import { tickIdOf, type EpochSeconds, type Keyspace } from '#protocol';
import { redisTimeMs, removeEntries, type WorkRedis } from '#store';
import { epochSeconds, type Clock } from '../clock.js';
import { connectionInUse } from '../connection-in-use.js';
import { assertOptions } from '../engine-options.js';
import type { FailedAttempt } from '../run/index.js';
import { retryUnknownJobs, type UnknownJobsTally } from '../time/index.js';
import { parseAttempts } from './attempts.js';
import { JobNotFoundError } from './client-errors.js';
import { CLIENT_OPTIONS, type ClientOptions } from './client-options.js';
import { heldUniqueKeys } from './held-unique-keys.js';
import { JobSearch, type JobSearchOptions, type JobSearchResult } from './job-search.js';
import type { JobPage } from './listed-entry.js';
import { Mover, type MoveAllOptions, type MoveAllTally } from './mover.js';
import { DEFAULT_PAGE_SIZE } from './page.js';
import { Pauses, type PauseOptions } from './pauses.js';
import { readHeartbeats, readObservations, type WorkerObservation, type WorkerPoolHeartbeat } from './pool-reader.js';
import { QuarantineKeeper, type QuarantinePage } from './quarantine-keeper.js';
import { readQueues, type QueueState } from './queue-reader.js';
import { asDue, asNew } from './requeue.js';
import { SortedSet } from './sorted-set.js';
import { WaitingJobs } from './waiting-jobs.js';

/**
 * Looks into the queues of a namespace and repairs what is in them: for dashboards, commands and scripts.
 *
 * A job in a set is named by its time there and its id, as its page shows them. Pages are numbered from 1 and hold at most
 * 200 entries. Whatever names a job that is there no more rejects with `JobNotFoundError`, and nothing is changed.
 */
export class Client {
  readonly #redis: WorkRedis;
  readonly #keyspace: Keyspace;
  readonly #clock: Clock | undefined;
  readonly #scheduled: SortedSet;
  readonly #retry: SortedSet;
  readonly #dead: SortedSet;
  readonly #mover: Mover;
  readonly #search: JobSearch;
  readonly #waiting: WaitingJobs;
  readonly #pauses: Pauses;
  readonly #quarantine: QuarantineKeeper;

  readonly #closeConnection: () => void;

  /** @throws InvalidEngineOptionError, InvalidNamespaceError, InvalidConnectionError */
  constructor(options: ClientOptions) {
    assertOptions('Client', options, CLIENT_OPTIONS);
    const { clock } = options;
    const { redis, keyspace, close } = connectionInUse('Client', 'commands', options);
    this.#closeConnection = close;
    this.#redis = redis;
    this.#keyspace = keyspace;
    this.#clock = clock;
    this.#scheduled = new SortedSet(redis, keyspace.scheduled);
    this.#retry = new SortedSet(redis, keyspace.retry);
    this.#dead = new SortedSet(redis, keyspace.dead);
    this.#mover = new Mover(redis, keyspace);
    this.#search = new JobSearch(redis, keyspace);
    this.#waiting = new WaitingJobs(redis, keyspace, this.#search);
    this.#pauses = new Pauses(redis, keyspace);
    this.#quarantine = new QuarantineKeeper(redis, keyspace);
  }

  /** Every job type that was ever known, by name, with what waits and how long the next one has waited. */
  queues(): Promise<QueueState[]> {
    return readQueues(this.#redis, this.#keyspace);
  }

  /** The last heartbeat of every registered pool, by id. */
  workerPoolHeartbeats(): Promise<WorkerPoolHeartbeat[]> {
    return readHeartbeats(this.#redis, this.#keyspace);
  }

  /** Every worker of every registered pool, idle ones included. */
  workerObservations(): Promise<WorkerObservation[]> {
    return readObservations(this.#redis, this.#keyspace);
  }

  /** Jobs that wait for their time, the next one first. */
  scheduledJobs(page = 1, size = DEFAULT_PAGE_SIZE): Promise<JobPage> {
    return this.#scheduled.page({ number: page, size });
  }

  /** Failed jobs that wait for their next attempt, the next one first. */
  retryJobs(page = 1, size = DEFAULT_PAGE_SIZE): Promise<JobPage> {
    return this.#retry.page({ number: page, size });
  }

  /** Jobs that were given up, the oldest first. */
  deadJobs(page = 1, size = DEFAULT_PAGE_SIZE): Promise<JobPage> {
    return this.#dead.page({ number: page, size });
  }

  /** Jobs that wait in a queue, the next to run first. */
  waitingJobs(jobName: string, page = 1, size = DEFAULT_PAGE_SIZE): Promise<JobPage> {
    return this.#waiting.page(jobName, { number: page, size });
  }

  /**
   * Frees the job's uniqueness as well. A tick of a periodic job may be listed again, since a pool puts it back with its next
   * pass, but does not run: it is dropped at its time, unless a pool of gocraft/work is the one that moves it.
   */
  deleteScheduledJob(runAt: EpochSeconds, jobId: string): Promise<void> {
    return this.#delete(this.#scheduled, runAt, jobId);
  }

  /** The job gets no further attempt. */
  deleteRetryJob(retryAt: EpochSeconds, jobId: string): Promise<void> {
    return this.#delete(this.#retry, retryAt, jobId);
  }

  /** The job is gone for good. */
  deleteDeadJob(diedAt: EpochSeconds, jobId: string): Promise<void> {
    return this.#delete(this.#dead, diedAt, jobId);
  }

  /** Removes a job from its queue before it runs, and frees its uniqueness. */
  removeWaitingJob(jobName: string, jobId: string): Promise<void> {
    return this.#waiting.remove(jobName, jobId);
  }

  /**
   * Empties the dead set; answers how many jobs were in it.
   *
   * @throws RedisRefusedError where its key holds something else, which stays
   */
  deleteAllDeadJobs(): Promise<number> {
    return this.#dead.deleteAll('dead jobs');
  }

  /**
   * Puts a dead job into its queue with all its attempts before it.
   *
   * @throws JobNotMovedError where Redis refuses to put it there
   */
  async retryDeadJob(diedAt: EpochSeconds, jobId: string): Promise<void> {
    const now = await this.#now();
    await this.#mover.moveOne(
      this.#dead,
      diedAt,
      jobId,
      ({ bytes, job }) => asNew(bytes, job, now),
      'Nothing was retried',
    );
  }

  /**
   * Puts every job that is dead by now into its queue, in steps. What cannot be moved (it is no job, or Redis refuses)
   * stays, and the others go on.
   */
  async retryAllDeadJobs(options: MoveAllOptions = {}): Promise<MoveAllTally> {
    const now = await this.#now();
    return this.#mover.moveAll(this.#dead, now, ({ bytes, job }) => asNew(bytes, job, now), options);
  }

  /**
   * Puts dead jobs that a pool of gocraft/work sent there because it did not know their type ("unknown job when requeueing")
   * into their queues, where a registered pool has the type. Their attempts so far count. A pool with the option
   * `retryUnknownJobs` does it by itself.
   */
  async retryUnknownJobs(): Promise<UnknownJobsTally> {
    const pools = await this.workerPoolHeartbeats();
    const jobNames = new Set(pools.flatMap((pool) => pool.jobNames));
    return retryUnknownJobs(this.#redis, this.#keyspace, { jobNames, now: await this.#now() });
  }

  /** Puts a scheduled job into its queue before its time. */
  async runScheduledJobNow(runAt: EpochSeconds, jobId: string): Promise<void> {
    const now = await this.#now();
    await this.#mover.moveOne(this.#scheduled, runAt, jobId, ({ bytes }) => asDue(bytes, now), 'Nothing was started');
  }

  /** Puts a failed job into its queue before its time; its attempts so far count. */
  async runRetryJobNow(retryAt: EpochSeconds, jobId: string): Promise<void> {
    const now = await this.#now();
    await this.#mover.moveOne(this.#retry, retryAt, jobId, ({ bytes }) => asDue(bytes, now), 'Nothing was started');
  }

  /**
   * No pool takes jobs of this type until `resume`; those that run go on. Answers whether it was not paused before.
   *
   * @throws UnknownJobTypeError where no pool ever registered the type and nobody enqueued it: most likely it is mistyped,
   * and the one that was meant would go on. `mayBeUnknown` pauses it all the same, before its first deploy.
   */
  pause(jobName: string, options: PauseOptions = {}): Promise<boolean> {
    return this.#pauses.pause(jobName, options);
  }

  /** Answers whether it was paused. */
  resume(jobName: string): Promise<boolean> {
    return this.#pauses.resume(jobName);
  }

  /** Whether jobs of this type wait for `resume`. */
  isPaused(jobName: string): Promise<boolean> {
    return this.#pauses.isPaused(jobName);
  }

  /** Looks for a job wherever jobs stand. There is no index: the search is bounded, and says where it stopped early. */
  jobById(jobId: string, options: JobSearchOptions = {}): Promise<JobSearchResult> {
    return this.#search.run(jobId, options);
  }

  /** The last failed attempts of a job, the oldest first: at most 25, kept for 7 days. */
  async attempts(jobId: string): Promise<FailedAttempt[]> {
    return parseAttempts(await this.#redis.lrange(this.#keyspace.ext.attempts(jobId), 0, '-1'));
  }

  /** What was set aside because it is no job, the newest first. */
  quarantinedJobs(page = 1, size = DEFAULT_PAGE_SIZE): Promise<QuarantinePage> {
    return this.#quarantine.page({ number: page, size });
  }

  /** The entry is gone for good. */
  deleteQuarantinedJob(digest: string): Promise<void> {
    return this.#quarantine.delete(digest);
  }

  /**
   * Puts something that was set aside into the queue of the job that it is, or that `mended` is.
   *
   * @throws UndecodableJobError where it is no job: it stays; JobNotMovedError where Redis refuses
   */
  async putBackQuarantinedJob(digest: string, mended?: Buffer): Promise<void> {
    await this.#quarantine.putBack(digest, await this.#now(), mended);
  }

  /** Closes the connection that it opened itself; until then it keeps the process alive. One that was given stays open. */
  close(): Promise<void> {
    this.#closeConnection();
    return Promise.resolve();
  }

  async #delete(set: SortedSet, at: EpochSeconds, jobId: string): Promise<void> {
    const members = await set.find(at, jobId);
    const isWaiting = set === this.#scheduled;
    const removals = members.map(({ bytes, job }) => ({
      bytes,
      uniqueKeys: isWaiting ? heldUniqueKeys(this.#keyspace, job) : [],
      tickId: isWaiting ? tickIdOf(job, at) : undefined,
    }));
    const removed = await removeEntries(this.#redis, this.#keyspace, set.key, removals);
    if (removed === 0) throw new JobNotFoundError(jobId, set.key, 'Nothing was deleted');
  }

  async #now(): Promise<EpochSeconds> {
    return this.#clock ? epochSeconds(this.#clock) : Math.floor((await redisTimeMs(this.#redis)) / 1000);
  }
}

import type { EpochSeconds, Keyspace } from '#protocol';
import { redisTimeMs, type WorkRedis } from '#store';
import { epochSeconds, type Clock } from '../clock.js';
import { connectionInUse } from '../connection-in-use.js';
import { assertOptions } from '../engine-options.js';
import type { FailedAttempt } from '../run/index.js';
import { retryUnknownJobs, type UnknownJobsTally } from '../time/index.js';
import { parseAttempts } from './attempts.js';
import { ClientCalls } from './client-calls.js';
import { CLIENT_OPTIONS, type ClientOptions } from './client-options.js';
import { deleteJob } from './delete-job.js';
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
 * 200 entries. Whatever names a job that is there no more rejects with `JobNotFoundError`, and nothing is changed. Every
 * call rejects with `RedisLostError` where the connection fails, and with `RedisRefusedError` where Redis answers with an error.
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
  readonly #calls: ClientCalls;
  readonly #closeConnection: () => void;

  /** @throws InvalidEngineOptionError, InvalidNamespaceError, InvalidConnectionError */
  constructor(options: ClientOptions) {
    assertOptions('Client', options, CLIENT_OPTIONS);
    const { clock } = options;
    const { redis, keyspace, close } = connectionInUse('Client', 'commands', options);
    this.#closeConnection = close;
    this.#calls = new ClientCalls(redis);
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
    return this.#ask(() => readQueues(this.#redis, this.#keyspace));
  }

  /** The last heartbeat of every registered pool, by id. */
  workerPoolHeartbeats(): Promise<WorkerPoolHeartbeat[]> {
    return this.#ask(() => readHeartbeats(this.#redis, this.#keyspace));
  }

  /** Every worker of every registered pool, idle ones included. */
  workerObservations(): Promise<WorkerObservation[]> {
    return this.#ask(() => readObservations(this.#redis, this.#keyspace));
  }

  /** Jobs that wait for their time, the next one first. */
  scheduledJobs(page = 1, size = DEFAULT_PAGE_SIZE): Promise<JobPage> {
    return this.#ask(() => this.#scheduled.page({ number: page, size }));
  }

  /** Failed jobs that wait for their next attempt, the next one first. */
  retryJobs(page = 1, size = DEFAULT_PAGE_SIZE): Promise<JobPage> {
    return this.#ask(() => this.#retry.page({ number: page, size }));
  }

  /** Jobs that were given up, the oldest first. */
  deadJobs(page = 1, size = DEFAULT_PAGE_SIZE): Promise<JobPage> {
    return this.#ask(() => this.#dead.page({ number: page, size }));
  }

  /** Jobs that wait in a queue, the next to run first. */
  waitingJobs(jobName: string, page = 1, size = DEFAULT_PAGE_SIZE): Promise<JobPage> {
    return this.#ask(() => this.#waiting.page(jobName, { number: page, size }));
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
    return this.#ask(() => this.#waiting.remove(jobName, jobId));
  }

  /** Empties the dead set; answers how many jobs were in it. Where its key holds something else, that stays. */
  deleteAllDeadJobs(): Promise<number> {
    return this.#ask(() => this.#dead.deleteAll('dead jobs'));
  }

  /**
   * Puts a dead job into its queue with all its attempts before it.
   *
   * @throws JobNotMovedError where Redis refuses to put it there
   */
  retryDeadJob(diedAt: EpochSeconds, jobId: string): Promise<void> {
    return this.#askNow((now) =>
      this.#mover.moveOne(this.#dead, diedAt, jobId, ({ bytes, job }) => asNew(bytes, job, now), 'Nothing was retried'),
    );
  }

  /**
   * Puts every job that is dead by now into its queue, in steps. What cannot be moved (it is no job, or Redis refuses)
   * stays, and the others go on.
   */
  retryAllDeadJobs(options: MoveAllOptions = {}): Promise<MoveAllTally> {
    return this.#askNow((now) =>
      this.#mover.moveAll(this.#dead, now, ({ bytes, job }) => asNew(bytes, job, now), options),
    );
  }

  /**
   * Puts dead jobs that a pool of gocraft/work sent there because it did not know their type ("unknown job when requeueing")
   * into their queues, where a registered pool has the type. Their attempts so far count. A pool with the option
   * `retryUnknownJobs` does it by itself.
   */
  retryUnknownJobs(): Promise<UnknownJobsTally> {
    return this.#askNow(async (now) => {
      const pools = await readHeartbeats(this.#redis, this.#keyspace);
      const jobNames = new Set(pools.flatMap((pool) => pool.jobNames));
      return retryUnknownJobs(this.#redis, this.#keyspace, { jobNames, now });
    });
  }

  /** Puts a scheduled job into its queue before its time. */
  runScheduledJobNow(runAt: EpochSeconds, jobId: string): Promise<void> {
    return this.#askNow((now) =>
      this.#mover.moveOne(this.#scheduled, runAt, jobId, ({ bytes }) => asDue(bytes, now), 'Nothing was started'),
    );
  }

  /** Puts a failed job into its queue before its time; its attempts so far count. */
  runRetryJobNow(retryAt: EpochSeconds, jobId: string): Promise<void> {
    return this.#askNow((now) =>
      this.#mover.moveOne(this.#retry, retryAt, jobId, ({ bytes }) => asDue(bytes, now), 'Nothing was started'),
    );
  }

  /**
   * No pool takes jobs of this type until `resume`; those that run go on. Answers whether it was not paused before.
   *
   * @throws UnknownJobTypeError where no pool ever registered the type and nobody enqueued it: most likely it is mistyped,
   * and the one that was meant would go on. `mayBeUnknown` pauses it all the same, before its first deploy.
   */
  pause(jobName: string, options: PauseOptions = {}): Promise<boolean> {
    return this.#ask(() => this.#pauses.pause(jobName, options));
  }

  /** Answers whether it was paused. */
  resume(jobName: string): Promise<boolean> {
    return this.#ask(() => this.#pauses.resume(jobName));
  }

  /** Whether jobs of this type wait for `resume`. */
  isPaused(jobName: string): Promise<boolean> {
    return this.#ask(() => this.#pauses.isPaused(jobName));
  }

  /** Looks for a job wherever jobs stand. There is no index: the search is bounded, and says where it stopped early. */
  jobById(jobId: string, options: JobSearchOptions = {}): Promise<JobSearchResult> {
    return this.#ask(() => this.#search.run(jobId, options));
  }

  /** The last failed attempts of a job, the oldest first: at most 25, kept for 7 days. */
  attempts(jobId: string): Promise<FailedAttempt[]> {
    return this.#ask(async () => parseAttempts(await this.#redis.lrange(this.#keyspace.ext.attempts(jobId), 0, '-1')));
  }

  /** What was set aside because it is no job, the newest first. */
  quarantinedJobs(page = 1, size = DEFAULT_PAGE_SIZE): Promise<QuarantinePage> {
    return this.#ask(() => this.#quarantine.page({ number: page, size }));
  }

  /** The entry is gone for good. */
  deleteQuarantinedJob(digest: string): Promise<void> {
    return this.#ask(() => this.#quarantine.delete(digest));
  }

  /**
   * Puts something that was set aside into the queue of the job that it is, or that `mended` is.
   *
   * @throws UndecodableJobError where it is no job: it stays; JobNotMovedError where Redis refuses
   */
  putBackQuarantinedJob(digest: string, mended?: Buffer): Promise<void> {
    return this.#askNow((now) => this.#quarantine.putBack(digest, now, mended));
  }

  /** Closes the connection that it opened itself; until then it keeps the process alive. One that was given stays open. */
  close(): Promise<void> {
    this.#calls.end();
    this.#closeConnection();
    return Promise.resolve();
  }

  #ask<T>(call: () => Promise<T>): Promise<T> {
    return this.#calls.run(call);
  }

  async #askNow<T>(call: (now: EpochSeconds) => Promise<T>): Promise<T> {
    return await this.#ask(async () => call(await this.#now()));
  }

  #delete(set: SortedSet, at: EpochSeconds, jobId: string): Promise<void> {
    const isWaiting = set === this.#scheduled;
    return this.#ask(() => deleteJob(this.#redis, this.#keyspace, set, at, jobId, { isWaiting }));
  }

  async #now(): Promise<EpochSeconds> {
    return this.#clock ? epochSeconds(this.#clock) : Math.floor((await redisTimeMs(this.#redis)) / 1000);
  }
}

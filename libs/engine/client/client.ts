import type { EpochSeconds } from '#protocol';
import { assertOptions } from '../engine-options.js';
import type { FailedAttempt } from '../run/index.js';
import { retryUnknownJobs, type UnknownJobsTally } from '../time/index.js';
import { parseAttempts } from './attempts.js';
import { CLIENT_OPTIONS, type ClientOptions } from './client-options.js';
import { ClientParts } from './client-parts.js';
import type { JobSearchOptions, JobSearchResult } from './job-search.js';
import type { JobPage } from './listed-entry.js';
import type { MoveAllOptions, MoveAllTally } from './mover.js';
import { DEFAULT_PAGE_SIZE } from './page.js';
import type { PauseOptions } from './pauses.js';
import { readHeartbeats, readObservations, type WorkerObservation, type WorkerPoolHeartbeat } from './pool-reader.js';
import type { QuarantinePage } from './quarantine-keeper.js';
import { readQueues, type QueueState } from './queue-reader.js';
import { asDue, asNew } from './requeue.js';
import { uniqueKeysOf } from './unique-keys-of.js';

/**
 * Looks into the queues of a namespace and repairs what is in them: for dashboards, commands and scripts.
 *
 * A job in a set is named by its time there and its id, as its page shows them. Pages are numbered from 1 and hold at most
 * 200 entries. Whatever names a job that is there no more rejects with `JobNotFoundError`, and nothing is changed. Every
 * call rejects with `RedisLostError` where the connection fails or Redis answers nothing for 5 seconds, with
 * `RedisRefusedError` where Redis answers with an error, and with `ClientClosedError` after `close`.
 */
export class Client {
  readonly #parts: ClientParts;

  /** @throws InvalidEngineOptionError, InvalidNamespaceError, InvalidConnectionError */
  constructor(options: ClientOptions) {
    assertOptions('Client', options, CLIENT_OPTIONS);
    this.#parts = new ClientParts(options);
  }

  /** Every job type that was ever known, by name, with what waits and how long the next one has waited. */
  queues(): Promise<QueueState[]> {
    return this.#parts.ask(({ redis, keyspace }) => readQueues(redis, keyspace));
  }

  /** The last heartbeat of every registered pool, by id. */
  workerPoolHeartbeats(): Promise<WorkerPoolHeartbeat[]> {
    return this.#parts.ask(({ redis, keyspace }) => readHeartbeats(redis, keyspace));
  }

  /** Every worker of every registered pool, idle ones included. */
  workerObservations(): Promise<WorkerObservation[]> {
    return this.#parts.ask(({ redis, keyspace }) => readObservations(redis, keyspace));
  }

  /** Jobs that wait for their time, the next one first. */
  scheduledJobs(page = 1, size = DEFAULT_PAGE_SIZE): Promise<JobPage> {
    return this.#parts.ask(({ scheduled }) => scheduled.page({ number: page, size }));
  }

  /** Failed jobs that wait for their next attempt, the next one first. */
  retryJobs(page = 1, size = DEFAULT_PAGE_SIZE): Promise<JobPage> {
    return this.#parts.ask(({ retry }) => retry.page({ number: page, size }));
  }

  /** Jobs that were given up, the oldest first. */
  deadJobs(page = 1, size = DEFAULT_PAGE_SIZE): Promise<JobPage> {
    return this.#parts.ask(({ dead }) => dead.page({ number: page, size }));
  }

  /** Jobs that wait in a queue, the next to run first. */
  waitingJobs(jobName: string, page = 1, size = DEFAULT_PAGE_SIZE): Promise<JobPage> {
    return this.#parts.ask(({ waiting }) => waiting.page(jobName, { number: page, size }));
  }

  /**
   * Frees the job's uniqueness as well. A tick of a periodic job may be listed again, since a pool puts it back with its next
   * pass, but does not run: it is dropped at its time, unless a pool of gocraft/work is the one that moves it.
   */
  deleteScheduledJob(runAt: EpochSeconds, jobId: string): Promise<void> {
    return this.#parts.ask(({ remover, scheduled }) => remover.removeOne(scheduled, runAt, jobId));
  }

  /** The job gets no further attempt. */
  deleteRetryJob(retryAt: EpochSeconds, jobId: string): Promise<void> {
    return this.#parts.ask(({ remover, retry }) => remover.removeOne(retry, retryAt, jobId));
  }

  /** The job is gone for good. */
  deleteDeadJob(diedAt: EpochSeconds, jobId: string): Promise<void> {
    return this.#parts.ask(({ remover, dead }) => remover.removeOne(dead, diedAt, jobId));
  }

  /** Removes a job from its queue before it runs, and frees its uniqueness. */
  removeWaitingJob(jobName: string, jobId: string): Promise<void> {
    return this.#parts.ask(({ waiting }) => waiting.remove(jobName, jobId));
  }

  /**
   * Frees what jobs of this type are unique by, arguments or key, where the job that held it is gone: a pool of gocraft/work
   * that does not know such keys left it taken. Answers whether it was. While a job with it waits, another may come to wait
   * beside it.
   *
   * @throws InvalidArgumentsError where it can be neither arguments nor a key
   */
  releaseUnique(jobName: string, argsOrKey: object | null): Promise<boolean> {
    return this.#parts.ask(
      async ({ redis, keyspace }) => (await redis.del(...uniqueKeysOf(keyspace, jobName, argsOrKey))) > 0,
    );
  }

  /** Empties the dead set; answers how many jobs were in it. Where its key holds something else, that stays. */
  deleteAllDeadJobs(): Promise<number> {
    const what = `to delete all dead jobs (${this.#parts.dead.key})`;
    return this.#parts.ask(({ dead }) => dead.deleteAll(), what);
  }

  /**
   * Puts a dead job into its queue, as one that has not run yet: it gets all its attempts anew.
   *
   * @throws JobNotMovedError where Redis refuses to put it there
   */
  retryDeadJob(diedAt: EpochSeconds, jobId: string): Promise<void> {
    return this.#parts.askNow((now, { dead, mover }) =>
      mover.moveOne(dead, diedAt, jobId, ({ bytes, job }) => asNew(bytes, job, now), 'Nothing was retried'),
    );
  }

  /**
   * Puts every job that is dead by now into its queue, in steps. What cannot be moved (it is no job, or Redis refuses)
   * stays, and the others go on.
   */
  retryAllDeadJobs(options: MoveAllOptions = {}): Promise<MoveAllTally> {
    return this.#parts.askNow((now, { dead, mover }) =>
      mover.moveAll(dead, now, ({ bytes, job }) => asNew(bytes, job, now), options),
    );
  }

  /**
   * Puts dead jobs that a pool of gocraft/work sent there because it did not know their type ("unknown job when requeueing")
   * into their queues, where a registered pool has the type. Their attempts so far count. A pool with the option
   * `retryUnknownJobs` does it by itself.
   */
  retryUnknownJobs(): Promise<UnknownJobsTally> {
    return this.#parts.askNow(async (now, { redis, keyspace }) => {
      const pools = await readHeartbeats(redis, keyspace);
      const jobNames = new Set(pools.flatMap((pool) => pool.jobNames));
      return retryUnknownJobs(redis, keyspace, { jobNames, now });
    });
  }

  /** Puts a scheduled job into its queue before its time. */
  runScheduledJobNow(runAt: EpochSeconds, jobId: string): Promise<void> {
    return this.#parts.askNow((now, { scheduled, mover }) =>
      mover.moveOne(scheduled, runAt, jobId, ({ bytes }) => asDue(bytes, now), 'Nothing was started'),
    );
  }

  /** Puts a failed job into its queue before its time; its attempts so far count. */
  runRetryJobNow(retryAt: EpochSeconds, jobId: string): Promise<void> {
    return this.#parts.askNow((now, { retry, mover }) =>
      mover.moveOne(retry, retryAt, jobId, ({ bytes }) => asDue(bytes, now), 'Nothing was started'),
    );
  }

  /**
   * No pool takes jobs of this type until `resume`; those that run go on. Answers whether it was not paused before.
   *
   * @throws UnknownJobTypeError where no pool ever registered the type and nobody enqueued it: most likely it is mistyped,
   * and the one that was meant would go on. `mayBeUnknown` pauses it all the same, before its first deploy.
   */
  pause(jobName: string, options: PauseOptions = {}): Promise<boolean> {
    return this.#parts.ask(({ pauses }) => pauses.pause(jobName, options));
  }

  /** Answers whether it was paused. */
  resume(jobName: string): Promise<boolean> {
    return this.#parts.ask(({ pauses }) => pauses.resume(jobName));
  }

  /** Whether jobs of this type wait for `resume`. */
  isPaused(jobName: string): Promise<boolean> {
    return this.#parts.ask(({ pauses }) => pauses.isPaused(jobName));
  }

  /** Looks for a job wherever jobs stand. There is no index: the search is bounded, and says where it stopped early. */
  jobById(jobId: string, options: JobSearchOptions = {}): Promise<JobSearchResult> {
    return this.#parts.ask(({ search }) => search.run(jobId, options));
  }

  /** The last failed attempts of a job, the oldest first: at most 25, kept for 7 days. */
  attempts(jobId: string): Promise<FailedAttempt[]> {
    return this.#parts.ask(async ({ redis, keyspace }) =>
      parseAttempts(await redis.lrange(keyspace.ext.attempts(jobId), 0, '-1')),
    );
  }

  /** What was set aside because it is no job, the newest first. */
  quarantinedJobs(page = 1, size = DEFAULT_PAGE_SIZE): Promise<QuarantinePage> {
    return this.#parts.ask(({ quarantine }) => quarantine.page({ number: page, size }));
  }

  /** The entry is gone for good. */
  deleteQuarantinedJob(digest: string): Promise<void> {
    return this.#parts.ask(({ quarantine }) => quarantine.delete(digest));
  }

  /**
   * Puts something that was set aside into the queue of the job that it is, or that `mended` is.
   *
   * @throws UndecodableJobError where it is no job: it stays; JobNotMovedError where Redis refuses
   */
  putBackQuarantinedJob(digest: string, mended?: Buffer): Promise<void> {
    return this.#parts.askNow((now, { quarantine }) => quarantine.putBack(digest, now, mended));
  }

  /** Closes the connection that it opened itself; until then it keeps the process alive. One that was given stays open. */
  close(): Promise<void> {
    this.#parts.close();
    return Promise.resolve();
  }
}

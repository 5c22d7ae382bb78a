import type { EpochSeconds, Keyspace } from '#protocol';
import type { WorkRedis } from '#store';
import { jittered, RepeatingTask } from '../background/index.js';
import { epochSeconds, type Clock } from '../clock.js';
import type { Report } from '../events.js';
import {
  findUnknownJobs,
  retryUnknownJobs,
  type FoundUnknownJobs,
  type UnknownJobsSearch,
  type UnknownJobsTally,
} from './unknown-jobs.js';

export interface UnknownJobFinderOptions {
  readonly redis: WorkRedis;
  readonly keyspace: Keyspace;
  /** Those of the pool. */
  readonly jobNames: readonly string[];
  /** Whether they are brought back; else they are only told, once of each type. */
  readonly retries: boolean;
  /** Redis' time. */
  readonly clock: Clock;
  readonly random: () => number;
  readonly report: Report;
  /** @default 5000 where they are brought back, else 60000 */
  readonly intervalMs?: number | undefined;
}

const RETRY_INTERVAL_MS = 5_000;
const TELL_INTERVAL_MS = 60_000;
/** Go stamps the dead with the time of its host: so far may that be behind Redis'. */
const CLOCK_SKEW_SECONDS = 60;

/** What is told of is no older: what has been dead for longer, somebody has seen, and each start would read it all. */
const TELL_SECONDS = 86_400;

/**
 * Finds what a pool of gocraft/work sent to dead because it did not know the type, where this pool does, and brings it back or
 * says that it is there. To bring them back, the first pass looks at all that is dead; each later one looks at what may have
 * died since the one before.
 */
export class UnknownJobFinder {
  /** Without those of which it has told. */
  readonly #jobNames: Set<string>;
  readonly #task: RepeatingTask;
  #diedSince: EpochSeconds | undefined;

  constructor(private readonly options: UnknownJobFinderOptions) {
    const { report, random, jobNames, retries } = options;
    const { intervalMs = retries ? RETRY_INTERVAL_MS : TELL_INTERVAL_MS } = options;
    this.#jobNames = new Set(jobNames);
    this.#task = new RepeatingTask({
      role: 'UnknownJobFinder',
      report,
      pass: () => this.runOnce(),
      delayMs: () => jittered(intervalMs, random),
    });
  }

  start(): void {
    this.#task.start();
  }

  stop(): Promise<void> {
    return this.#task.stop();
  }

  /** Makes a pass at once: Redis is back. */
  wake(): void {
    this.#task.wake();
  }

  async runOnce(): Promise<UnknownJobsTally | FoundUnknownJobs> {
    const { clock, retries } = this.options;
    const now = epochSeconds(clock);
    const search = {
      now,
      jobNames: this.#jobNames,
      diedSince: this.#diedSince ?? (retries ? undefined : now - TELL_SECONDS),
      isStopping: () => this.#task.isStopping,
    };
    const tally = await (retries ? this.#retry(search) : this.#tell(search));
    this.#diedSince = now - CLOCK_SKEW_SECONDS;
    return tally;
  }

  async #retry(search: UnknownJobsSearch): Promise<UnknownJobsTally> {
    const { redis, keyspace, report } = this.options;
    const tally = await retryUnknownJobs(redis, keyspace, search);
    if (tally.retried > 0) report({ type: 'unknown_jobs_retried', ...tally });
    return tally;
  }

  async #tell(search: UnknownJobsSearch): Promise<FoundUnknownJobs> {
    const { redis, keyspace, report } = this.options;
    const tally = await findUnknownJobs(redis, keyspace, search);
    if (tally.found > 0) report({ type: 'unknown_jobs_found', ...tally });
    for (const jobName of tally.jobNames) this.#jobNames.delete(jobName);
    return tally;
  }
}

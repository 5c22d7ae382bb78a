import type { EpochSeconds, Keyspace } from '#protocol';
import type { WorkRedis } from '#store';
import { jittered, RepeatingTask } from '../background/index.js';
import { epochSeconds, type Clock } from '../clock.js';
import type { Report } from '../events.js';
import { findUnknownJobs, retryUnknownJobs, type UnknownJobsSearch } from './unknown-jobs.js';

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

/**
 * Finds what a pool of gocraft/work sent to dead because it did not know the type, where this pool does, and brings it back or
 * says that it is there. The first pass looks at all that is dead, each later one at what may have died since the one before.
 */
export class UnknownJobFinder {
  readonly #jobNames: ReadonlySet<string>;
  readonly #task: RepeatingTask;
  readonly #told = new Set<string>();
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

  async runOnce(): Promise<void> {
    const now = epochSeconds(this.options.clock);
    const isStopping = () => this.#task.isStopping;
    const search = { now, jobNames: this.#jobNames, diedSince: this.#diedSince, isStopping };
    await (this.options.retries ? this.#retry(search) : this.#tell(search));
    this.#diedSince = now - CLOCK_SKEW_SECONDS;
  }

  async #retry(search: UnknownJobsSearch): Promise<void> {
    const { redis, keyspace, report } = this.options;
    const tally = await retryUnknownJobs(redis, keyspace, search);
    if (tally.retried > 0) report({ type: 'unknown_jobs_retried', ...tally });
  }

  async #tell(search: UnknownJobsSearch): Promise<void> {
    const { redis, keyspace, report } = this.options;
    const tally = await findUnknownJobs(redis, keyspace, search);
    if (tally.jobNames.every((name) => this.#told.has(name))) return;
    for (const name of tally.jobNames) this.#told.add(name);
    report({ type: 'unknown_jobs_found', ...tally });
  }
}

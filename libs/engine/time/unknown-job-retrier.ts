import type { EpochSeconds, Keyspace } from '#protocol';
import type { WorkRedis } from '#store';
import { jittered, RepeatingTask } from '../background/index.js';
import { epochSeconds, type Clock } from '../clock.js';
import type { Report } from '../events.js';
import { retryUnknownJobs, type UnknownJobsTally } from './unknown-jobs.js';

export interface UnknownJobRetrierOptions {
  readonly redis: WorkRedis;
  readonly keyspace: Keyspace;
  /** Those of the pool. */
  readonly jobNames: readonly string[];
  /** Redis' time. */
  readonly clock: Clock;
  readonly random: () => number;
  readonly report: Report;
  /** @default 5000 */
  readonly intervalMs?: number | undefined;
}

const INTERVAL_MS = 5_000;
/** Go stamps the dead with the time of its host: so far may that be behind Redis'. */
const CLOCK_SKEW_SECONDS = 60;

/**
 * Brings back what a pool of gocraft/work sent to dead because it did not know the type, where this pool does. The first pass
 * looks at all that is dead, each later one at what may have died since the one before.
 */
export class UnknownJobRetrier {
  readonly #jobNames: ReadonlySet<string>;
  readonly #task: RepeatingTask;
  #diedSince: EpochSeconds | undefined;

  constructor(private readonly options: UnknownJobRetrierOptions) {
    const { report, random, jobNames, intervalMs = INTERVAL_MS } = options;
    this.#jobNames = new Set(jobNames);
    this.#task = new RepeatingTask({
      role: 'UnknownJobRetrier',
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

  async runOnce(): Promise<UnknownJobsTally> {
    const { redis, keyspace, clock, report } = this.options;
    const now = epochSeconds(clock);
    const tally = await retryUnknownJobs(redis, keyspace, {
      now,
      jobNames: this.#jobNames,
      diedSince: this.#diedSince,
      isStopping: () => this.#task.isStopping,
    });
    this.#diedSince = now - CLOCK_SKEW_SECONDS;
    if (tally.retried > 0) report({ type: 'unknown_jobs_retried', ...tally });
    return tally;
  }
}

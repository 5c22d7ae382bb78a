import type { Keyspace } from '#protocol';
import { dropLockFields, healLocks, type LockField, type WorkRedis } from '#store';
import type { Clock } from '../../clock.js';
import type { Report } from '../../events.js';
import { jittered, RepeatingTask } from '../../background/index.js';
import { Sightings } from './sightings.js';

export interface LockKeeperOptions {
  /** A `commands` connection. */
  readonly redis: WorkRedis;
  readonly keyspace: Keyspace;
  readonly clock: Clock;
  readonly random: () => number;
  readonly report: Report;
  /** @default 50000 */
  readonly intervalMs?: number | undefined;
}

export interface LockTally {
  /** Job types whose lock, or fields of lock_info, were wrong. */
  readonly healed: number;
  /** Fields of pools that are gone. */
  readonly dropped: number;
}

/** With what chance adds, a minute at most. */
const INTERVAL_MS = 50_000;
const TYPES_PER_CALL = 100;
const FIELDS_PER_CALL = 300;

/**
 * Keeps each type's `lock` equal to the sum of its `lock_info`, which gocraft lets drift apart when a job is settled twice or
 * never. It trusts lock_info alone, never the length of lists: a unique job swapped by Go is in progress with a lock of 0.
 */
export class LockKeeper {
  readonly #strays: Sightings<LockField>;
  readonly #task: RepeatingTask;

  constructor(private readonly options: LockKeeperOptions) {
    const { clock, random, report, intervalMs = INTERVAL_MS } = options;
    this.#strays = new Sightings(() => clock.monotonicMs());
    this.#task = new RepeatingTask({
      role: 'LockKeeper',
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

  async runOnce(): Promise<LockTally> {
    const jobNames = await this.options.redis.smembers(this.options.keyspace.knownJobs);
    const { healed, strays } = await this.#heal(jobNames);
    this.#strays.keepOnly(new Set(strays.map(nameOf)));
    for (const stray of strays) this.#strays.see(nameOf(stray), stray);
    const dropped = await this.#drop(this.#strays.takeDue());
    return { healed, dropped };
  }

  async #heal(jobNames: readonly string[]): Promise<{ healed: number; strays: LockField[] }> {
    const strays: LockField[] = [];
    let healed = 0;
    for (let at = 0; at < jobNames.length; at += TYPES_PER_CALL) {
      const { redis, keyspace } = this.options;
      const reply = await healLocks(redis, keyspace, jobNames.slice(at, at + TYPES_PER_CALL));
      healed += reply.healed;
      strays.push(...reply.strays);
    }
    return { healed, strays };
  }

  async #drop(fields: readonly LockField[]): Promise<number> {
    let dropped = 0;
    for (let at = 0; at < fields.length; at += FIELDS_PER_CALL) {
      const { redis, keyspace } = this.options;
      dropped += await dropLockFields(redis, keyspace, fields.slice(at, at + FIELDS_PER_CALL));
    }
    return dropped;
  }
}

function nameOf({ jobName, poolId }: LockField): string {
  return `${poolId}\n${jobName}`;
}

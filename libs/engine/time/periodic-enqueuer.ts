import { encodeNewJob, PeriodicSpec, type EpochSeconds, type Keyspace } from '#protocol';
import { addTicks, type PeriodicTick, type WorkRedis } from '#store';
import { epochSeconds, type Clock } from '../clock.js';
import type { Report } from '../events.js';
import { jittered, RepeatingTask } from '../background/index.js';
import { lastGoPass, missedTicks, type SpecTick } from './missed-ticks.js';
import { warnOfProcessTimezone } from './process-timezone.js';

export interface PeriodicJob {
  readonly jobName: string;
  /** See `PeriodicSpec`. */
  readonly expression: string;
  /**
   * IANA name.
   *
   * @default the process's own time zone
   */
  readonly timezone?: string | undefined;
}

export interface PeriodicEnqueuerOptions {
  readonly redis: WorkRedis;
  readonly keyspace: Keyspace;
  readonly jobs: readonly PeriodicJob[];
  /** Redis' time. */
  readonly clock: Clock;
  readonly random: () => number;
  readonly report: Report;
}

export interface PeriodicTally {
  /** Ticks that no pool had put there yet. */
  readonly added: number;
  /** Ticks that were missed, at most one for each job. */
  readonly madeUp: number;
}

/** How far ahead ticks are put into the scheduled set, as gocraft/work does. */
const HORIZON_SECONDS = 240;
/** Two passes that come late leave no hole in the horizon. */
const PASS_MS = 60_000;
const RETRY_MS = 1_000;

/**
 * Puts the ticks of the next four minutes into the scheduled set, about every one and a half minutes. All pools do the same:
 * the bytes of a tick are the same everywhere, so it waits once, and the requeuer moves it once.
 *
 * A pool that could not reach Redis for longer than that makes up for the last tick that each job missed within half an
 * hour. Ticks before that one, those missed while no pool ran, and all that were missed where gocraft/work's pools share the
 * namespace are left out, as gocraft/work does. What waited in Redis meanwhile is late.
 *
 * Never writes `last_periodic_enqueue`, by which pools of gocraft/work would leave out what only they know.
 */
export class PeriodicEnqueuer {
  readonly #specs: readonly PeriodicSpec[];
  readonly #task: RepeatingTask;
  /** Up to here, exclusively, every tick was put into Redis by this process. */
  #coveredUntil: EpochSeconds | undefined;

  /** @throws InvalidCronError */
  constructor(private readonly options: PeriodicEnqueuerOptions) {
    this.#specs = options.jobs.map(({ expression, jobName, timezone }) => {
      return new PeriodicSpec(expression, { jobName, timezone, firesAfter: epochSeconds(options.clock) });
    });
    this.#task = new RepeatingTask({
      role: 'PeriodicEnqueuer',
      report: options.report,
      pass: () => this.runOnce(),
      delayMs: (last) => jittered(last === 'failed' ? RETRY_MS : PASS_MS, options.random, 1),
    });
  }

  start(): void {
    if (this.#specs.length === 0) return;
    this.#coveredUntil = undefined; // what was missed between stop and start was not wanted
    warnOfProcessTimezone(this.#specs, this.options.report);
    this.#task.start();
  }

  stop(): Promise<void> {
    return this.#task.stop();
  }

  /** Makes a pass at once: Redis is back. */
  wake(): void {
    this.#task.wake();
  }

  async runOnce(): Promise<PeriodicTally> {
    const { redis, keyspace, clock } = this.options;
    const base = epochSeconds(clock);
    const end = base + HORIZON_SECONDS;
    const missed = await this.#missed(base);
    const ahead = this.#specs.flatMap((spec) => spec.between(base, end).map((at) => ({ spec, at })));
    const added = await addTicks(redis, keyspace, [...missed, ...ahead].map(toTick));
    this.#coveredUntil = end;
    for (const { spec, at } of missed) this.#reportMissed(spec, at);
    return { added, madeUp: missed.length };
  }

  async #missed(base: EpochSeconds): Promise<readonly SpecTick[]> {
    if (this.#coveredUntil === undefined || this.#coveredUntil > base) return [];
    const { redis, keyspace } = this.options;
    return missedTicks(this.#specs, this.#coveredUntil, base, await lastGoPass(redis, keyspace));
  }

  #reportMissed({ jobName, expression }: PeriodicSpec, madeUpFor: EpochSeconds): void {
    this.options.report({ type: 'ticks_missed', job: jobName, expression, madeUpFor });
  }
}

function toTick({ spec, at }: SpecTick): PeriodicTick {
  return { at, job: encodeNewJob({ name: spec.jobName, id: spec.idAt(at), t: at, argsJson: 'null' }) };
}

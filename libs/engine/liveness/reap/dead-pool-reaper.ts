import { look, type LookReply } from '#store';
import { RepeatingTask } from '../../background/index.js';
import { PoolWatch } from './pool-watch.js';
import { reapAll, type PoolReapTally } from './reap-all.js';
import type { ReapOptions } from './reap.js';

export interface DeadPoolReaperOptions extends ReapOptions {
  /** Of this pool; undefined while it is no member: then it judges nobody. */
  readonly poolId: () => string | undefined;
  /** Milliseconds since the server of this connection accepted the pool's own beat. */
  readonly ownBeatAgeMs: () => number;
  /** @default 2000 */
  readonly lookIntervalMs?: number | undefined;
}

export interface LookTally {
  /** Pools looked at; 0 where the look did not count. */
  readonly looked: number;
  readonly reaps: readonly PoolReapTally[];
}

export const LOOK_INTERVAL_MS = 2_000;
/** Who cannot write judges nobody: an older beat than this may have been the last one. */
const MAX_OWN_BEAT_AGE_MS = 6_000;
const NOT_COUNTED: LookTally = Object.freeze({ looked: 0, reaps: [] });

/** Looks whether other pools still beat, and gives back what the dead ones held. No clocks of two hosts are compared. */
export class DeadPoolReaper {
  readonly #watch = new PoolWatch();
  readonly #task: RepeatingTask;

  constructor(private readonly options: DeadPoolReaperOptions) {
    this.#task = new RepeatingTask({
      role: 'DeadPoolReaper',
      report: options.report,
      pass: () => this.runOnce(),
      delayMs: () => options.lookIntervalMs ?? LOOK_INTERVAL_MS,
    });
  }

  /** Pools of which something is remembered. */
  get remembered(): number {
    return this.#watch.size;
  }

  start(): void {
    this.#task.start();
  }

  stop(): Promise<void> {
    return this.#task.stop();
  }

  /** Counts anew: after a reconnect, or when the own beat was not accepted. */
  forgetCounts(): void {
    this.#watch.forgetAll();
  }

  /**
   * Looks once, and reaps whoever is dead by now, and whom others began to reap.
   *
   * @throws what a look or a reap threw, after the other reaps
   */
  async runOnce(): Promise<LookTally> {
    const poolId = this.options.poolId();
    if (!poolId || this.options.ownBeatAgeMs() > MAX_OWN_BEAT_AGE_MS) return NOT_COUNTED;
    const { reaping } = await this.#look(poolId);
    const looked = this.#watch.watched.length;
    const dead = this.#watch.dead().map(({ poolId: id, heartbeatAt }) => {
      return { poolId: id, cause: { kind: 'dead', heartbeatAt } as const };
    });
    const begun = reaping
      .filter((id) => id !== poolId)
      .map((id) => ({ poolId: id, cause: { kind: 'continue' } as const }));
    const reaps = await reapAll([...dead, ...begun], this.options, () => this.#task.isStopping);
    return { looked, reaps };
  }

  async #look(poolId: string): Promise<LookReply> {
    const { redis, keyspace } = this.options;
    try {
      const seen = await look(redis, keyspace, this.#watch.watched);
      this.#watch.record(seen.beats);
      const unseen = this.#watch.choose(poolId, seen);
      if (unseen.length > 0) this.#watch.record((await look(redis, keyspace, unseen)).beats);
      return seen;
    } catch (error) {
      this.forgetCounts();
      throw error;
    }
  }
}

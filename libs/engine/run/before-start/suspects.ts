import { clearTimeout, setTimeout } from 'node:timers';
import type { JobDocument, Keyspace } from '#protocol';
import { nameSuspect, type WorkRedis } from '#store';
import { epochSeconds, type Clock } from '../../clock.js';
import type { Report } from '../../events.js';
import type { HeldEntry } from '../held-entry.js';
import { JobNotStartedError } from './job-not-started-error.js';
import { SingleLane } from './single-lane.js';
import { UntilAnswered } from './until-answered.js';

export interface SuspectsOptions {
  readonly redis: WorkRedis;
  readonly keyspace: Keyspace;
  readonly clock: Clock;
  readonly report: Report;
  /** Calls `then` after so many milliseconds; what it returns calls that off. */
  readonly timer?: (then: () => void, ms: number) => () => void;
}

/** From so many recoveries on a job is suspected of killing its process. */
const SUSPECT_RECOVERIES = 2;
/** A job that has run for so long did not kill its process at once; it no longer holds back the next. */
const HOLD_MS = 10_000;

/**
 * Jobs whose process died twice under them. One at a time starts, named in Redis before: so if this process dies as well,
 * its reaper knows whom to blame, and the innocent ones that ran beside it go on.
 */
export class Suspects {
  readonly #lane = new SingleLane();
  readonly #untilAnswered: UntilAnswered;
  readonly #timer: (then: () => void, ms: number) => () => void;

  constructor(private readonly options: SuspectsOptions) {
    const { redis, report, timer = systemTimer } = options;
    this.#timer = timer;
    this.#untilAnswered = new UntilAnswered({ redis, report, role: 'Suspects' });
  }

  static isSuspect(document: JobDocument): boolean {
    return document.recovered >= SUSPECT_RECOVERIES;
  }

  /** @throws JobNotStartedError where the pool stopped or lost the job before its turn */
  async run<T>(held: HeldEntry, document: JobDocument, work: () => Promise<T>): Promise<T> {
    const endTurn = await this.#turn(held);
    let stopHolding: (() => void) | undefined;
    try {
      await this.#name(held, document);
      stopHolding = this.#timer(endTurn, HOLD_MS);
      return await work();
    } finally {
      stopHolding?.();
      endTurn();
      this.#unname(held, document);
    }
  }

  /** While it waits it leaves its slot to others, where its holder can do that. */
  async #turn(held: HeldEntry): Promise<() => void> {
    if (!this.#lane.isTaken || !held.aside) return await this.#lane.enter(held.signal);
    let endTurn: (() => void) | undefined;
    try {
      await held.aside(async () => void (endTurn = await this.#lane.enter(held.signal)));
    } catch (error) {
      endTurn?.();
      throw error;
    }
    return endTurn ?? (() => {});
  }

  async #name(held: HeldEntry, { id }: JobDocument): Promise<void> {
    const { keyspace, redis, clock } = this.options;
    const step = { poolId: held.poolId, jobId: id, now: epochSeconds(clock) };
    const name = () => nameSuspect(redis, keyspace, step);
    const isNamed = await this.#untilAnswered.run(name, held.signal, 'whenever asked');
    if (!isNamed) throw new JobNotStartedError('the pool was taken for dead');
  }

  /** Not waited for: a name left behind says only that a job which ended well has started here. */
  #unname({ poolId }: HeldEntry, { id }: JobDocument): void {
    const { redis, keyspace } = this.options;
    redis.hdel(keyspace.ext.suspect(poolId), id).catch(() => {});
  }
}

function systemTimer(then: () => void, ms: number): () => void {
  const timer = setTimeout(then, ms);
  return () => clearTimeout(timer);
}

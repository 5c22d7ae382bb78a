import type { HeldOutcome } from './held-outcome.js';

/** A script blocks Redis while it runs: so many settles take it a few milliseconds. */
const SETTLES_PER_CALL = 1_000;
const BYTES_PER_CALL = 8_000_000;

/** Outcomes that Redis has not confirmed, by the pool id that their entries stand under, in the order to settle them. */
export class OutcomeBacklog {
  readonly #byPool = new Map<string, HeldOutcome[]>();
  #refused = 0;

  get size(): number {
    let size = 0;
    for (const outcomes of this.#byPool.values()) size += outcomes.length;
    return size;
  }

  /** How many were refused by their place and wait for another try. */
  get refused(): number {
    return this.#refused;
  }

  add(outcome: HeldOutcome): void {
    const { poolId } = outcome.job;
    const outcomes = this.#byPool.get(poolId);
    if (outcomes) outcomes.push(outcome);
    else this.#byPool.set(poolId, [outcome]);
    if (outcome.isRefused) this.#refused += 1;
  }

  /** Those of one pool id that a call may carry now, taken out. */
  take(poolId: string, nowMs: number): HeldOutcome[] {
    const outcomes = this.#byPool.get(poolId);
    if (!outcomes) return [];
    const taken: HeldOutcome[] = [];
    const left: HeldOutcome[] = [];
    let bytes = 0;
    for (const outcome of outcomes) {
      const isFull = taken.length === SETTLES_PER_CALL || bytes > BYTES_PER_CALL;
      if (isFull || outcome.notBeforeMs > nowMs) {
        left.push(outcome);
      } else {
        taken.push(outcome);
        bytes += outcome.size;
      }
    }
    this.replace(poolId, left);
    return taken;
  }

  ofPool(poolId: string): readonly HeldOutcome[] {
    return this.#byPool.get(poolId) ?? [];
  }

  replace(poolId: string, outcomes: HeldOutcome[]): void {
    if (outcomes.length > 0) this.#byPool.set(poolId, outcomes);
    else this.#byPool.delete(poolId);
    this.#refused = 0;
    for (const kept of this.#byPool.values()) for (const { isRefused } of kept) if (isRefused) this.#refused += 1;
  }

  isDue(poolId: string, nowMs: number): boolean {
    return this.ofPool(poolId).some(({ notBeforeMs }) => notBeforeMs <= nowMs);
  }

  /** A pool id other than `current` with an outcome that may be settled now. */
  dueElsewhere(current: string, nowMs: number): string | undefined {
    for (const poolId of this.#byPool.keys()) if (poolId !== current && this.isDue(poolId, nowMs)) return poolId;
    return undefined;
  }

  get poolIds(): readonly string[] {
    return [...this.#byPool.keys()];
  }

  /** When the first outcome may be settled; Infinity where there is none. */
  dueAtMs(): number {
    let earliestMs = Infinity;
    for (const outcomes of this.#byPool.values())
      for (const { notBeforeMs } of outcomes) earliestMs = Math.min(earliestMs, notBeforeMs);
    return earliestMs;
  }
}

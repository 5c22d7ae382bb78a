import type { Clock } from '../../libs/engine/clock.js';

/** Time that passes when a test says so. */
export class ManualClock implements Clock {
  #passedMs = 0;

  constructor(private readonly startMs = 1_800_000_000_000) {}

  nowMs(): number {
    return this.startMs + this.#passedMs;
  }

  monotonicMs(): number {
    return 1_000 + this.#passedMs;
  }

  pass(ms: number): void {
    this.#passedMs += ms;
  }
}

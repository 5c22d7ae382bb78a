import { performance } from 'node:perf_hooks';

/** Time as the engine sees it. Injected, so that tests move it. */
export interface Clock {
  /** Wall time in milliseconds since the epoch. */
  nowMs(): number;
  /** A time that never goes back, in milliseconds, for measuring how long something took. */
  monotonicMs(): number;
}

/** The process's own clocks. */
export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
};

/** Whole epoch seconds, the unit of the wire. */
export function epochSeconds(clock: Clock): number {
  return Math.floor(clock.nowMs() / 1000);
}

/**
 * Redis' wall time, carried on by the monotonic clock between samples: the pools of one Redis agree on the time,
 * whatever the clocks of their hosts say. Until the first sample it is the process's own time.
 */
export class RedisClock implements Clock {
  #offsetMs: number | undefined;

  constructor(private readonly base: Clock = systemClock) {}

  /** Takes a reading of `TIME`. `redisMs` is milliseconds since the epoch; what is no number is no reading. */
  sample(redisMs: number): void {
    if (!Number.isFinite(redisMs)) return;
    this.#offsetMs = redisMs - this.base.monotonicMs();
  }

  nowMs(): number {
    return this.#offsetMs === undefined ? this.base.nowMs() : this.#offsetMs + this.base.monotonicMs();
  }

  monotonicMs(): number {
    return this.base.monotonicMs();
  }
}

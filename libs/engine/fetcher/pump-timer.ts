import { clearTimeout, setTimeout } from 'node:timers';

/** Calls back once, at the earliest time asked for since it last did. A call that comes too early does no harm. */
export class PumpTimer {
  #timer: NodeJS.Timeout | undefined;
  #atMs = Infinity;

  constructor(private readonly callback: () => void) {}

  /** `nowMs` and `atMs` on one clock. Infinity = no timer. */
  set(nowMs: number, atMs: number): void {
    if (atMs >= this.#atMs) return;
    this.clear();
    this.#atMs = atMs;
    this.#timer = setTimeout(
      () => {
        this.#atMs = Infinity;
        this.callback();
      },
      Math.max(0, Math.ceil(atMs - nowMs)),
    );
  }

  clear(): void {
    clearTimeout(this.#timer);
    this.#atMs = Infinity;
  }
}

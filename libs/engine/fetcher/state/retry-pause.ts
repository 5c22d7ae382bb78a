const FIRST_MS = 20;
const LONGEST_MS = 1_000;
/** A key of the wrong type does not heal by itself. */
const FIRST_FATAL_MS = 1_000;
const LONGEST_FATAL_MS = 5_000;

/** How long to wait after a call failed: doubled each time, half of it by chance, so that pools do not come in step. */
export class RetryPause {
  #failures = 0;
  #untilMs = 0;

  constructor(private readonly random: () => number) {}

  get untilMs(): number {
    return this.#untilMs;
  }

  failed(nowMs: number): void {
    this.#wait(nowMs, FIRST_MS, LONGEST_MS);
  }

  failedFatally(nowMs: number): void {
    this.#wait(nowMs, FIRST_FATAL_MS, LONGEST_FATAL_MS);
  }

  /** Also when the connection is back: there is a reason to try at once. */
  end(): void {
    this.#failures = 0;
    this.#untilMs = 0;
  }

  #wait(nowMs: number, firstMs: number, longestMs: number): void {
    const ceilingMs = Math.min(longestMs, firstMs * 2 ** this.#failures);
    this.#failures = Math.min(this.#failures + 1, 20);
    this.#untilMs = nowMs + ceilingMs / 2 + (ceilingMs / 2) * this.random();
  }
}

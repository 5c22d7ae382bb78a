/**
 * How many jobs to hold beyond the free slots: about as many as end during one round trip, so that neither Redis nor Node
 * waits for the other. Where jobs are slow that is none.
 */
export class FetchAhead {
  #ended = 0;
  #sentAtMs = 0;
  #repliedAtMs: number | undefined;
  #jobs = 0;

  /** Never more than the concurrency. */
  get jobs(): number {
    return this.#jobs;
  }

  jobEnded(): void {
    this.#ended += 1;
  }

  callSent(nowMs: number): void {
    this.#sentAtMs = nowMs;
  }

  replied(nowMs: number, concurrency: number): void {
    const roundTripMs = nowMs - this.#sentAtMs;
    const cycleMs = nowMs - (this.#repliedAtMs ?? this.#sentAtMs);
    const share = cycleMs > 0 ? Math.min(1, roundTripMs / cycleMs) : 1;
    this.#jobs = Math.min(concurrency, Math.round(this.#ended * share));
    this.#ended = 0;
    this.#repliedAtMs = nowMs;
  }
}

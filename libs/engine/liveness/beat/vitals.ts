const LAST_BEAT = 0;
const LAST_TURN = 1;
const SLOTS = 2;
const MICROSECONDS = 1000;

/**
 * When a pool's heartbeat was last accepted and when its event loop last turned, in memory that the thread of the heartbeat
 * and the pool share: each can ask while the other is blocked. All times are on one monotonic clock, the pool's.
 */
export class Vitals {
  readonly #slots: BigInt64Array;

  constructor(
    private readonly monotonicMs: () => number,
    readonly shared = new SharedArrayBuffer(SLOTS * BigInt64Array.BYTES_PER_ELEMENT),
  ) {
    this.#slots = new BigInt64Array(shared);
  }

  /** `sentAtMs`: when it was sent, since Redis may have taken it as early as that. */
  beatAccepted(sentAtMs: number): void {
    this.#set(LAST_BEAT, sentAtMs);
  }

  /** Infinity where none was accepted. */
  beatAgeMs(): number {
    return this.#ageMs(LAST_BEAT);
  }

  loopTurned(): void {
    this.#set(LAST_TURN, this.monotonicMs());
  }

  loopAgeMs(): number {
    return this.#ageMs(LAST_TURN);
  }

  /** No beat counts any more. */
  forgetBeat(): void {
    Atomics.store(this.#slots, LAST_BEAT, 0n);
  }

  #set(slot: number, ms: number): void {
    Atomics.store(this.#slots, slot, BigInt(Math.max(1, Math.round(ms * MICROSECONDS))));
  }

  #ageMs(slot: number): number {
    const microseconds = Atomics.load(this.#slots, slot);
    return microseconds === 0n ? Infinity : this.monotonicMs() - Number(microseconds) / MICROSECONDS;
  }
}

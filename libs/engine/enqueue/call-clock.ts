import { RedisClock, systemClock, type Clock } from '../clock.js';

/**
 * Time as the producer needs it: that of Redis, read once before the first write and anew with every reply, so that a host
 * whose clock is wrong schedules nothing too early or too late. A clock of another kind is taken as it is.
 */
export class CallClock {
  readonly #clock: Clock;
  readonly #redisClock: RedisClock | undefined;
  #isRead: boolean;

  constructor(clock: Clock = new RedisClock(systemClock)) {
    this.#clock = clock;
    this.#redisClock = clock instanceof RedisClock ? clock : undefined;
    this.#isRead = !this.#redisClock;
  }

  /** Whether Redis' clock was read, or need not be. */
  get isKnown(): boolean {
    return this.#isRead;
  }

  /** Redis does not tell its time: the process's own has to do. */
  doWithout(): void {
    this.#isRead = true;
  }

  sample(redisMs: number): void {
    this.#isRead = true;
    this.#redisClock?.sample(redisMs);
  }

  monotonicMs(): number {
    return this.#clock.monotonicMs();
  }

  /** What Redis' clock showed when the monotonic one showed `monotonicMs`. */
  wallTimeAt(monotonicMs: number): number {
    return this.#clock.nowMs() - (this.#clock.monotonicMs() - monotonicMs);
  }
}

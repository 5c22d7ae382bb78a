import { clearTimeout, setTimeout } from 'node:timers';
import { Fifo } from './fifo.js';
import type { PendingCall } from './pending-call.js';

/** Ends the calls that were made `timeoutMs` ago and are still open, with one timer for all. */
export class Deadlines {
  readonly #calls = new Fifo<PendingCall>();
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly timeoutMs: number,
    private readonly monotonicMs: () => number,
    private readonly onDeadline: (call: PendingCall) => void,
  ) {}

  /** In the order in which the calls were made. */
  add(call: PendingCall): void {
    this.#calls.push(call);
    this.#timer ??= this.#in(this.timeoutMs);
  }

  /** To be called when calls were settled: forgets them, and the timer with the last of them. */
  tidy(): void {
    while (this.#calls.peek()?.isOpen === false) this.#calls.shift();
    if (this.#calls.size > 0) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #in(delayMs: number): NodeJS.Timeout {
    return setTimeout(() => this.#expire(), delayMs);
  }

  #expire(): void {
    const now = this.monotonicMs();
    this.#timer = undefined;
    for (let call = this.#calls.peek(); call; call = this.#calls.peek()) {
      const leftMs = call.calledAtMs + this.timeoutMs - now;
      if (call.isOpen && leftMs > 0) {
        this.#timer = this.#in(Math.ceil(leftMs));
        return;
      }
      this.#calls.shift();
      if (call.isOpen) this.onDeadline(call);
    }
  }
}

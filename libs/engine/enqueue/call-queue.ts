import { Fifo } from './fifo.js';
import type { PendingCall } from './pending-call.js';

/** Most jobs and bytes of one call of Redis: a script call that takes long holds up everyone else. */
const MAX_JOBS_PER_CALL = 1_000;
const MAX_BYTES_PER_CALL = 1_000_000;

/** The calls that wait to be sent, oldest first. */
export class CallQueue {
  readonly #calls = new Fifo<PendingCall>();
  #size = 0;

  /** How many wait; those whose callers gave up do not. */
  get size(): number {
    return this.#size;
  }

  add(call: PendingCall): void {
    this.#calls.push(call);
    this.#size += 1;
  }

  /** Its caller gave up. */
  forget(): void {
    this.#size -= 1;
  }

  /** The oldest ones that fit into one call of Redis, at least one of those that wait and can still be sent. */
  take(): PendingCall[] {
    const taken: PendingCall[] = [];
    let [jobs, bytes] = [0, 0];
    for (let call = this.#next(); call; call = this.#next()) {
      jobs += call.size;
      bytes += call.bytes;
      if (taken.length > 0 && (jobs > MAX_JOBS_PER_CALL || bytes > MAX_BYTES_PER_CALL)) break;
      taken.push(call);
      this.#calls.shift();
      this.#size -= 1;
    }
    return taken;
  }

  /** The oldest that can still be sent, left in its place. */
  #next(): PendingCall | undefined {
    for (let call = this.#calls.peek(); call; call = this.#calls.peek()) {
      if (call.isOpen && !call.obstacle) return call;
      if (call.isOpen) this.#size -= 1;
      if (call.obstacle) call.fail(call.obstacle);
      this.#calls.shift();
    }
    return undefined;
  }

  /** Takes the newest ones away until no more than `limit` are left. */
  dropNewest(limit: number): PendingCall[] {
    const dropped: PendingCall[] = [];
    while (this.#size > limit) {
      const call = this.#calls.pop();
      if (!call?.isOpen) continue;
      dropped.push(call);
      this.#size -= 1;
    }
    return dropped;
  }
}

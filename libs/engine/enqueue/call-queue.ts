import { Fifo } from './fifo.js';
import type { PendingCall } from './pending-call.js';

/** Most jobs and bytes of one call of Redis: a script call that takes long holds up everyone else. */
const MAX_JOBS_PER_CALL = 1_000;
const MAX_BYTES_PER_CALL = 1_000_000;

interface Load {
  readonly calls: number;
  /** Of their jobs as they are written, about. */
  readonly bytes: number;
}

/**
 * What may wait for Redis. Jobs are mostly a few hundred bytes, so that the calls are the limit; with large arguments the
 * bytes are, which a process of 512 MB has to spare.
 */
const WAITING: Load = { calls: 10_000, bytes: 64_000_000 };
/** What one turn of the event loop may hand over while Redis answers. */
const BURST: Load = { calls: Infinity, bytes: 4 * WAITING.bytes };

/** The calls that wait to be sent, oldest first. */
export class CallQueue {
  readonly #calls = new Fifo<PendingCall>();
  /** Those that are counted. */
  readonly #waiting = new Set<PendingCall>();
  #bytes = 0;

  /** How many wait; those whose callers gave up do not. */
  get size(): number {
    return this.#waiting.size;
  }

  /**
   * What there is too much of for another call; undefined: there is room.
   *
   * @param isHeldUp Redis does not answer, or what is left of a burst waits already
   */
  reachedLimit(isHeldUp: boolean): keyof Load | undefined {
    const { calls, bytes } = isHeldUp ? WAITING : BURST;
    if (this.size >= calls) return 'calls';
    return this.#bytes >= bytes ? 'bytes' : undefined;
  }

  add(call: PendingCall): void {
    this.#calls.push(call);
    this.#waiting.add(call);
    this.#bytes += call.bytes;
  }

  /** It makes room at once: its caller gave up. Without that it does so when its turn comes. */
  forget(call: PendingCall): void {
    if (this.#waiting.delete(call)) this.#bytes -= call.bytes;
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
      this.forget(call);
    }
    return taken;
  }

  /** The oldest that can still be sent, left in its place. */
  #next(): PendingCall | undefined {
    for (let call = this.#calls.peek(); call; call = this.#calls.peek()) {
      if (call.isOpen && !call.obstacle) return call;
      this.forget(call);
      if (call.obstacle) call.fail(call.obstacle);
      this.#calls.shift();
    }
    return undefined;
  }

  /** Takes away the newest ones that would not have found room, had Redis not answered when they came. */
  dropExcess(): PendingCall[] {
    const dropped: PendingCall[] = [];
    for (let call = this.#newest(); call; call = this.#newest()) {
      if (this.size <= WAITING.calls && this.#bytes - call.bytes < WAITING.bytes) break;
      this.#calls.pop();
      this.forget(call);
      dropped.push(call);
    }
    return dropped;
  }

  #newest(): PendingCall | undefined {
    for (let call = this.#calls.last; call && !call.isOpen; call = this.#calls.last) {
      this.forget(call);
      this.#calls.pop();
    }
    return this.#calls.last;
  }
}

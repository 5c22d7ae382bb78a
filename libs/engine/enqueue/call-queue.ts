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

/** The calls that wait to be sent, oldest first. It keeps none that it does not count: arguments may be large. */
export class CallQueue {
  readonly #waiting = new Set<PendingCall>();
  #bytes = 0;

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
    for (const call of this.#waiting) {
      if (!this.#canBeSent(call)) continue;
      jobs += call.size;
      bytes += call.bytes;
      if (taken.length > 0 && (jobs > MAX_JOBS_PER_CALL || bytes > MAX_BYTES_PER_CALL)) break;
      taken.push(call);
      this.forget(call);
    }
    return taken;
  }

  /** Takes away the newest ones that would not have found room, had Redis not answered when they came. */
  dropExcess(): PendingCall[] {
    const dropped: PendingCall[] = [];
    for (const call of [...this.#waiting].reverse()) {
      if (!this.#canBeSent(call)) continue;
      if (this.size <= WAITING.calls && this.#bytes - call.bytes < WAITING.bytes) break;
      this.forget(call);
      dropped.push(call);
    }
    return dropped;
  }

  /** Forgets one that cannot. */
  #canBeSent(call: PendingCall): boolean {
    if (call.isOpen && !call.obstacle) return true;
    this.forget(call);
    if (call.obstacle) call.fail(call.obstacle);
    return false;
  }
}

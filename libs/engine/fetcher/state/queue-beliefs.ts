import type { BlockedBy, BlockedQueue, NamedQueue, QueueStatus } from '#store';

export interface FetchedType {
  readonly name: string;
  /** 1 to 100,000. */
  readonly priority: number;
  /** As the type is declared, 0 = without one; a limit that only Redis has is learnt from the first reply. */
  readonly limit: number;
}

interface Queue extends FetchedType {
  /** Whether a limit is known, declared or not. */
  limited: boolean;
  /** Waits for its turn at a limit until then (monotonic). */
  notBeforeMs: number;
}

/** Naming so many empty queues costs Redis half a millisecond. */
const QUEUES_PER_CALL = 100;
/** Pools that one busy lock wakes would else make thousands of useless calls a second. */
const LIMIT_WAIT_MS = 20;

/**
 * Which queues are believed to hold work. A call names only these; one found blocked is out until a wake-up or a sweep,
 * which goes over all of them.
 */
export class QueueBeliefs {
  readonly #queues: ReadonlyMap<string, Queue>;
  readonly #believed = new Set<Queue>();
  readonly #unwatched = new Map<string, BlockedBy>();
  #isSweepFrequent = false;
  #sweepAtMs = 0;

  constructor(
    types: readonly FetchedType[],
    private readonly random: () => number,
  ) {
    this.#queues = new Map(types.map((type) => [type.name, { ...type, limited: type.limit > 0, notBeforeMs: 0 }]));
  }

  get names(): readonly string[] {
    return [...this.#queues.keys()];
  }

  get sweepAtMs(): number {
    return this.#sweepAtMs;
  }

  /** Sweeps come every 1 to 5 s where Redis tells of changes, else at least once a second. */
  sweepOften(often: boolean, nowMs: number): void {
    if (this.#isSweepFrequent === often) return;
    this.#isSweepFrequent = often;
    if (often) this.#sweepAtMs = Math.min(this.#sweepAtMs, nowMs + this.#sweepIntervalMs());
  }

  sweep(nowMs: number): void {
    this.#sweepAtMs = nowMs + this.#sweepIntervalMs();
    this.believeAll();
  }

  believeAll(): void {
    for (const queue of this.#queues.values()) this.#believed.add(queue);
  }

  /** A drain asks at a limit as well. */
  believeAllNow(): void {
    for (const queue of this.#queues.values()) queue.notBeforeMs = 0;
    this.believeAll();
  }

  believe(name: string): void {
    const queue = this.#queues.get(name);
    if (queue) this.#believed.add(queue);
  }

  /** The next queues to ask, in turn where there are more than one call can name. */
  toAsk(nowMs: number, unlimitedOnly: boolean): NamedQueue[] {
    const asked: Queue[] = [];
    for (const queue of this.#believed) {
      if (!isAskable(queue, nowMs, unlimitedOnly)) continue;
      if (asked.push(queue) === QUEUES_PER_CALL) break;
    }
    if (asked.length === QUEUES_PER_CALL) this.#moveLast(asked);
    return asked;
  }

  canAsk(nowMs: number, unlimitedOnly: boolean): boolean {
    for (const queue of this.#believed) if (isAskable(queue, nowMs, unlimitedOnly)) return true;
    return false;
  }

  named(name: string): NamedQueue | undefined {
    return this.#queues.get(name);
  }

  /** When the first queue believed to hold work may be asked; Infinity where there is none. */
  askableAtMs(): number {
    let earliestMs = Infinity;
    for (const { notBeforeMs } of this.#believed) earliestMs = Math.min(earliestMs, notBeforeMs);
    return earliestMs;
  }

  learn(name: string, status: QueueStatus, nowMs: number): void {
    const queue = this.#queues.get(name);
    if (!queue) return;
    if (status === 'more' || status === 'limited') this.#unblock(queue, status === 'limited');
    else this.#block(queue, status, nowMs);
  }

  /** Blocked queues that nobody watches yet; from now on the caller does. */
  takeUnwatched(): BlockedQueue[] {
    if (this.#unwatched.size === 0) return [];
    const blocked = [...this.#unwatched].map(([name, by]) => ({ name, by }));
    this.#unwatched.clear();
    return blocked;
  }

  #unblock(queue: Queue, limited: boolean): void {
    queue.limited = limited;
    queue.notBeforeMs = 0;
    this.#believed.add(queue);
    this.#unwatched.delete(queue.name);
  }

  #block(queue: Queue, by: BlockedBy | 'broken', nowMs: number): void {
    this.#believed.delete(queue);
    if (by === 'at-limit') queue.notBeforeMs = nowMs + LIMIT_WAIT_MS * (1 + this.random());
    if (by === 'broken') this.#unwatched.delete(queue.name);
    else this.#unwatched.set(queue.name, by);
  }

  #moveLast(asked: readonly Queue[]): void {
    for (const queue of asked) {
      this.#believed.delete(queue);
      this.#believed.add(queue);
    }
  }

  #sweepIntervalMs(): number {
    return this.#isSweepFrequent ? 250 + 750 * this.random() : 1_000 + 4_000 * this.random();
  }
}

function isAskable(queue: Queue, nowMs: number, unlimitedOnly: boolean): boolean {
  return queue.notBeforeMs <= nowMs && !(unlimitedOnly && queue.limited);
}

import type { EpochSeconds, Keyspace } from '#protocol';
import { moveDue, quarantineWaiting, readDue, replyError, type RefusedJob, type WorkRedis } from '#store';
import { epochSeconds, type Clock } from '../clock.js';
import type { Report } from '../events.js';
import { RepeatingTask } from '../background/index.js';
import { outcast, sortDue, type Outcast } from './due-jobs.js';
import type { WaitingSet } from './waiting-set.js';

export interface RequeuerOptions {
  readonly redis: WorkRedis;
  readonly keyspace: Keyspace;
  /** Which sorted set it serves. */
  readonly set: WaitingSet;
  /** Redis' time: what is due does not depend on the clocks of hosts. */
  readonly clock: Clock;
  readonly random: () => number;
  readonly report: Report;
}

export interface RequeueTally {
  readonly moved: number;
  /** Ticks of periodic jobs that had fired before. */
  readonly dropped: number;
  readonly quarantined: number;
  /** When the next entry is due; in the past where others are moving it, or nothing can; undefined where none waits. */
  readonly next: EpochSeconds | undefined;
}

/** A batch stays within some milliseconds of Redis' time. */
const BATCH = { jobs: 500, bytes: 4_000_000 };
/** Longest sleep: what came meanwhile with an earlier time is found so late where nothing wakes the requeuer. */
const FALLBACK_MS = 1_000;

/**
 * Moves the due jobs of one sorted set to the queues of their names, earliest first, whether a pool here knows the name or
 * not. Any number of requeuers can serve a set: each job is moved by one. Sleeps until the next one is due, or `wake`.
 *
 * A tick of a periodic job leaves a mark for an hour and is dropped where there is one. What is no job document, or has a
 * queue that is no list, goes to the quarantine, and the rest flows on.
 */
export class Requeuer {
  readonly #key: string;
  readonly #task: RepeatingTask;
  #next: EpochSeconds | undefined;

  constructor(private readonly options: RequeuerOptions) {
    this.#key = options.keyspace[options.set];
    this.#task = new RepeatingTask({
      role: 'Requeuer',
      report: options.report,
      pass: () => this.#pass(),
      delayMs: () => this.#delayMs(),
    });
  }

  start(): void {
    this.#task.start();
  }

  /** Waits for the batch under way, not for what is due behind it. */
  stop(): Promise<void> {
    return this.#task.stop();
  }

  /** Looks again at once: something entered the set, or Redis is back. */
  wake(): void {
    this.#task.wake();
  }

  /** Moves what is due, in batches until none is left or `stop` is called. */
  async runOnce(): Promise<RequeueTally> {
    let tally: RequeueTally = { moved: 0, dropped: 0, quarantined: 0, next: undefined };
    for (let isDone = false; !isDone;) {
      const batch = await this.#batch();
      isDone = this.#task.isStopping || !hasChanged(batch) || !this.#isDue(batch.next);
      tally = sum(tally, batch);
    }
    this.#reportWork(tally);
    return tally;
  }

  async #pass(): Promise<void> {
    this.#next = undefined;
    this.#next = (await this.runOnce()).next;
  }

  async #batch(): Promise<RequeueTally> {
    const { redis, keyspace, clock } = this.options;
    const now = epochSeconds(clock);
    const { due, next } = await readDue(redis, this.#key, now, BATCH);
    const { jobs, outcasts } = sortDue(due, this.#key, now);
    const { moved, dropped, refused } =
      jobs.length > 0 ? await moveDue(redis, keyspace, this.#key, jobs) : { moved: 0, dropped: 0, refused: [] };
    const quarantined = await this.#quarantine([...outcasts, ...this.#withoutQueue(refused, now)]);
    throwOtherRefusals(refused);
    return { moved, dropped, quarantined, next };
  }

  #withoutQueue(refused: readonly RefusedJob[], now: EpochSeconds): Outcast[] {
    return refused
      .filter(({ error }) => isNoList(error))
      .map(({ job }) => {
        const reason = `the key of its queue, ${this.options.keyspace.queue(job.name)}, is no list`;
        return outcast(job.entry, reason, this.#key, now);
      });
  }

  async #quarantine(outcasts: readonly Outcast[]): Promise<number> {
    if (outcasts.length === 0) return 0;
    const { redis, keyspace, report, set } = this.options;
    const { done, refused } = await quarantineWaiting(redis, keyspace, this.#key, outcasts);
    for (const { reason } of done) report({ type: 'job_quarantined', queue: set, reason });
    if (refused) throw refused;
    return done.length;
  }

  #reportWork(tally: RequeueTally): void {
    if (!hasChanged(tally)) return;
    const { moved, dropped, quarantined } = tally;
    this.options.report({ type: 'jobs_requeued', set: this.options.set, moved, dropped, quarantined });
  }

  #isDue(next: EpochSeconds | undefined): boolean {
    return next !== undefined && next <= epochSeconds(this.options.clock);
  }

  /** What is due and did not move is moved by others, or stuck: then at no fixed time. */
  #delayMs(): number {
    if (this.#isDue(this.#next)) return FALLBACK_MS * this.options.random();
    const untilNextMs = (this.#next ?? Infinity) * 1000 - this.options.clock.nowMs();
    return Math.min(Math.ceil(untilNextMs), FALLBACK_MS);
  }
}

function isNoList(error: string): boolean {
  return error.startsWith('WRONGTYPE');
}

/** Such as a lack of permission, which is not the job's fault: it stays, and the pass fails. */
function throwOtherRefusals(refused: readonly RefusedJob[]): void {
  const other = refused.find(({ error }) => !isNoList(error));
  if (other) throw replyError(other.error);
}

function hasChanged({ moved, dropped, quarantined }: RequeueTally): boolean {
  return moved + dropped + quarantined > 0;
}

function sum(one: RequeueTally, other: RequeueTally): RequeueTally {
  return {
    moved: one.moved + other.moved,
    dropped: one.dropped + other.dropped,
    quarantined: one.quarantined + other.quarantined,
    next: other.next,
  };
}

import type { BlockedQueue, ReadInProgressReply, SettleAndFetchReply, Settlement } from '#store';
import type { Drain } from './drain.js';
import { FetchBooks, type FetchSettings } from './fetch-books.js';
import type { FetchCall } from './fetch-call.js';
import type { HeldJob } from './held-job.js';
import type { HeldOutcome } from './held-outcome.js';
import type { Interruption } from './job-interrupted-error.js';
import { WAIT_FOR_EVENT, type FetchStep, type ReadStep } from './next-step.js';
import { recordRead } from './record-read.js';
import { recordReply } from './record-reply.js';
import { takeStep } from './take-step.js';

/**
 * The Fetcher without its connection and its timers: events go in, `next` says what to do. At most one step is under way,
 * each ends in `replied`, `readReplied`, `renewed`, `refused` or `unanswered`.
 */
export class FetchState {
  readonly #books: FetchBooks;
  #underWay: FetchStep | undefined;

  constructor(settings: FetchSettings) {
    this.#books = new FetchBooks(settings);
  }

  get poolId(): string {
    return this.#books.poolId;
  }

  get running(): ReadonlySet<HeldJob> {
    return this.#books.ledger.running;
  }

  /** Outcomes that Redis has not confirmed, those of the call under way included, and jobs that wait here. */
  get unsettled(): number {
    const { ledger } = this.#books;
    return ledger.outcomes.size + ledger.ahead.length + this.#sent.length;
  }

  /** Jobs that ended here and will run again unless Redis hears of it; not those whose place refuses them. */
  get unconfirmed(): number {
    const { outcomes } = this.#books.ledger;
    const all = [...this.#sent, ...outcomes.poolIds.flatMap((poolId) => outcomes.ofPool(poolId))];
    return all.filter(({ settlement, isRefused }) => settlement.kind !== 'back' && !isRefused).length;
  }

  /** Nothing is held, and nothing that was sent could still bring a job. */
  get isIdle(): boolean {
    return this.running.size + this.unsettled === 0 && !this.#underWay && !this.#books.recovery.isUnderWay;
  }

  /** The jobs to run now. They have their slots from here on. */
  startable(nowMs: number): HeldJob[] {
    const books = this.#books;
    books.giveBackStale(nowMs);
    books.admitAside();
    const jobs: HeldJob[] = [];
    if (books.ledger.ahead.length === 0 || !books.mayStart(nowMs)) return jobs;
    for (let free = books.freeSlots; free > 0; free--) {
      const job = books.ledger.startNext();
      if (!job) break;
      jobs.push(job);
    }
    return jobs;
  }

  next(nowMs: number): FetchStep {
    this.#books.giveBackStale(nowMs);
    this.#books.giveBackAbandoned();
    if (this.#underWay) return WAIT_FOR_EVENT;
    const step = takeStep(this.#books, nowMs);
    if (step.kind === 'wait') return step;
    this.#underWay = step;
    this.#books.fetchAhead.callSent(nowMs);
    return step;
  }

  /** Blocked queues to be watched from now on, each once. */
  takeUnwatched(): BlockedQueue[] {
    return this.#books.beliefs.takeUnwatched();
  }

  jobEnded(job: HeldJob, settlement: Settlement): void {
    this.#books.fetchAhead.jobEnded();
    this.#books.ledger.end(job, settlement);
  }

  replied(call: FetchCall, reply: SettleAndFetchReply, nowMs: number): void {
    this.#answered();
    this.#books.recovery.callAnswered();
    this.#books.fetchAhead.replied(nowMs, this.#books.settings.concurrency);
    recordReply(this.#books, call, reply, nowMs);
  }

  readReplied(step: ReadStep, reply: ReadInProgressReply, nowMs: number): void {
    this.#answered();
    recordRead(this.#books, step, reply, nowMs);
  }

  /** To be told before the first step. */
  registered(poolId: string): void {
    this.#books.registered(poolId);
  }

  renewed(poolId: string, nowMs: number): void {
    this.#answered();
    this.#books.renewed(poolId, nowMs);
  }

  /**
   * The step under way was answered with an error: Redis has not done it, though a proxy between may say so of one that
   * was done. `fatal` = it will not be until somebody helps.
   */
  refused(nowMs: number, fatal: boolean): void {
    const { recovery, ledger, pause } = this.#books;
    const call = this.#underWay?.kind === 'settle-and-fetch' ? this.#underWay.call : undefined;
    // Of a call that was sent before, without a reply, this says nothing.
    if (!recovery.unanswered) for (const outcome of call?.settles ?? []) ledger.outcomes.add(outcome);
    if (call) recovery.doubt(call.poolId);
    this.#underWay = undefined;
    if (fatal) pause.failedFatally(nowMs);
    else pause.failed(nowMs);
  }

  /** Nobody knows whether the step under way was done. */
  unanswered(nowMs: number): void {
    const { recovery, pause } = this.#books;
    if (this.#underWay?.kind === 'settle-and-fetch') recovery.callUnanswered(this.#underWay.call);
    this.#underWay = undefined;
    pause.failed(nowMs);
  }

  /** Perhaps to a replica that never saw the last writes: everything is to be looked at. */
  reconnected(): void {
    const { recovery, ledger, beliefs, pause, poolId } = this.#books;
    for (const held of [poolId, ...ledger.poolIds]) recovery.doubt(held);
    beliefs.believeAll();
    pause.end();
  }

  /** Somebody else saw that the pool is no member; without an id, under the present one. */
  wasFenced(poolId: string = this.poolId): void {
    if (poolId === this.poolId && !this.#books.recovery.isFenced) this.#books.fence();
  }

  /** A blocked queue may have changed; all of them where no name is given. */
  woken(queueName?: string): void {
    const { beliefs } = this.#books;
    if (queueName === undefined) beliefs.believeAll();
    else beliefs.believe(queueName);
  }

  /** Whether Redis tells of changes: without that, queues are asked more often. */
  setWatched(isWatched: boolean, nowMs: number): void {
    this.#books.beliefs.sweepOften(!isWatched, nowMs);
  }

  /**
   * Tells of a drain whether it is over. One that has to begin does so when nothing is held and no call is under way: all
   * queues are asked then, at a limit as well.
   */
  drain(drain: Drain): 'over' | 'begins' | 'waits' {
    if (!this.isIdle) return 'waits';
    if (drain.isOver) return 'over';
    if (drain.hasBegun) return 'waits';
    this.#books.beginDrain(drain);
    return 'begins';
  }

  endDrain(drain: Drain): void {
    this.#books.endDrain(drain);
  }

  stopFetching(): void {
    this.#books.stopFetching();
  }

  interruptRunning(interruption: Interruption): void {
    for (const job of this.running) job.interrupt(interruption);
  }

  giveBackRunning(): void {
    this.#books.abandonRunning();
  }

  /** Whoever waits for a read that will not come may go on. */
  close(): void {
    this.#books.claims.open();
  }

  /** Outcomes of the call under way, or of the one whose reply is unknown. */
  get #sent(): readonly HeldOutcome[] {
    const sent = this.#underWay?.kind === 'settle-and-fetch' ? this.#underWay.call : this.#books.recovery.unanswered;
    return sent?.settles ?? [];
  }

  #answered(): void {
    this.#underWay = undefined;
    this.#books.pause.end();
  }
}

import type { Settlement } from '#store';
import { AsideJobs } from './aside-jobs.js';
import { CallNumbers } from './call-numbers.js';
import { ClaimGate } from './claim-gate.js';
import type { Drain } from './drain.js';
import { FetchAhead } from './fetch-ahead.js';
import { HeldJob, type JobHolder } from './held-job.js';
import { JobLedger } from './job-ledger.js';
import { QueueBeliefs, type FetchedType } from './queue-beliefs.js';
import { Recovery } from './recovery.js';
import { RetryPause } from './retry-pause.js';

export interface FetchSettings {
  readonly concurrency: number;
  readonly jobTypes: readonly FetchedType[];
  /** At least 0 and less than 1. */
  readonly random: () => number;
  /** Milliseconds since Redis last accepted a heartbeat of the present pool id. */
  readonly beatAgeMs: () => number;
  /** Something changed outside a reply: ask for the next step. */
  readonly onChange: () => void;
  /** Redis has confirmed a settle. */
  readonly onSettled?: (job: HeldJob, settlement: Settlement) => void;
  /** The entry of a job that ran was taken away: its outcome is dropped. */
  readonly onLost?: (job: HeldJob) => void;
}

/** A pool whose heartbeat is not older is no dead one yet for anybody. */
const TRUSTED_BEAT_MS = 8_000;
/** So long a job may wait here while another pool could run it. */
const LONGEST_AHEAD_MS = 100;

/** What is known of this pool's jobs and queues: the one state that every decision is made from. */
export class FetchBooks implements JobHolder {
  readonly ledger = new JobLedger();
  readonly numbers = new CallNumbers();
  readonly recovery = new Recovery();
  readonly fetchAhead = new FetchAhead();
  readonly beliefs: QueueBeliefs;
  readonly pause: RetryPause;
  readonly claims: ClaimGate;
  readonly #aside: AsideJobs;
  readonly #drains = new Set<Drain>();
  #poolId = '';
  #isFetching = true;
  #isGivingBackRunning = false;
  #memberAtMs = -Infinity;

  constructor(readonly settings: FetchSettings) {
    this.beliefs = new QueueBeliefs(settings.jobTypes, settings.random);
    this.pause = new RetryPause(settings.random);
    this.claims = new ClaimGate(settings.onChange);
    this.#aside = new AsideJobs(this.ledger, settings.concurrency, settings.onChange);
  }

  get poolId(): string {
    return this.#poolId;
  }

  get isFetching(): boolean {
    return this.#isFetching;
  }

  registered(poolId: string): void {
    this.#poolId = poolId;
  }

  /** It goes on under a new id, and asks every queue: others may have given back what it had. */
  renewed(poolId: string, nowMs: number): void {
    this.#poolId = poolId;
    this.recovery.renewed();
    this.sawMember(nowMs);
    this.beliefs.believeAll();
  }

  /** The pool was seen to be a member then (monotonic), by another sign than its heartbeat. */
  sawMember(atMs: number): void {
    this.#memberAtMs = atMs;
  }

  /** The present pool id was taken for dead. Its lists tell what it has still. */
  fence(): void {
    this.recovery.fenced();
    this.recovery.doubt(this.#poolId);
  }

  stopFetching(): void {
    this.#isFetching = false;
    this.giveBackUnwanted();
  }

  beginDrain(drain: Drain): void {
    this.#drains.add(drain);
    this.beliefs.believeAllNow();
    drain.begin(this.beliefs.names);
  }

  endDrain(drain: Drain): void {
    this.#drains.delete(drain);
  }

  sawNoMore(queueName: string): void {
    for (const drain of this.#drains) drain.saw(queueName);
  }

  get freeSlots(): number {
    return Math.max(0, this.settings.concurrency - this.ledger.occupied);
  }

  /** A pool that was perhaps reaped meanwhile, or does not know what it holds, starts nothing. */
  mayStart(nowMs: number): boolean {
    return !this.recovery.isFenced && !this.recovery.isInDoubt && this.isTrusted(nowMs);
  }

  isTrusted(nowMs: number): boolean {
    return Math.min(this.settings.beatAgeMs(), nowMs - this.#memberAtMs) <= TRUSTED_BEAT_MS;
  }

  hold(queueName: string, bytes: Buffer, poolId: string, nowMs: number): void {
    this.ledger.add(new HeldJob(queueName, bytes, poolId, nowMs, this));
    for (const drain of this.#drains) drain.jobCame();
  }

  /** Under an id that is no member a job is not started, and after a stop none is. */
  giveBackUnwanted(): void {
    const { ledger } = this;
    if (!this.#isFetching) ledger.giveBackAhead();
    else if (ledger.ahead.some(({ poolId }) => poolId !== this.#poolId))
      ledger.giveBackAhead(({ poolId }) => poolId !== this.#poolId);
  }

  /** The oldest has waited too long: jobs are slow here. */
  giveBackStale(nowMs: number): void {
    if (nowMs >= this.staleAtMs) this.ledger.giveBackAhead();
  }

  /** From now on jobs that run go back as they are; those whose entries are just being changed, later. */
  abandonRunning(): void {
    this.#isGivingBackRunning = true;
  }

  giveBackAbandoned(): void {
    if (this.#isGivingBackRunning) this.ledger.giveBackRunning();
  }

  get staleAtMs(): number {
    const [oldest] = this.ledger.ahead;
    return oldest ? oldest.heldSinceMs + LONGEST_AHEAD_MS : Infinity;
  }

  admitAside(): void {
    this.#aside.admit(this.freeSlots);
  }

  pass<T>(claim: () => Promise<T>): Promise<T> {
    return this.claims.pass(claim);
  }

  aside(job: HeldJob, wait: () => Promise<void>): Promise<void> {
    return this.#aside.lendSlot(job, wait);
  }
}

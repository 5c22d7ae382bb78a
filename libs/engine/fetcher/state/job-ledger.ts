import { GIVEN_BACK, type Settlement } from '#store';
import { HeldOutcome } from './held-outcome.js';
import type { HeldJob } from './held-job.js';
import { matchInProgress } from './match-in-progress.js';
import { OutcomeBacklog } from './outcome-backlog.js';

/** Every job whose entry this pool holds, from the reply that brought it to the one that confirms its settle. */
export class JobLedger {
  readonly outcomes = new OutcomeBacklog();
  readonly #running = new Set<HeldJob>();
  readonly #aside = new Set<HeldJob>();
  #ahead: HeldJob[] = [];

  get running(): ReadonlySet<HeldJob> {
    return this.#running;
  }

  get ahead(): readonly HeldJob[] {
    return this.#ahead;
  }

  /** Jobs that have a slot: those running, and those that hold one because their settle is refused. */
  get occupied(): number {
    return this.#running.size - this.#aside.size + this.outcomes.refused;
  }

  /** Every pool id that an entry is held under. */
  get poolIds(): ReadonlySet<string> {
    const ids = new Set(this.outcomes.poolIds);
    for (const { poolId } of this.#running) ids.add(poolId);
    for (const { poolId } of this.#ahead) ids.add(poolId);
    return ids;
  }

  /** Every queue of which an entry is held under the pool id. */
  queueNames(poolId: string): ReadonlySet<string> {
    const held = [...this.#running, ...this.#ahead, ...this.outcomes.ofPool(poolId).map(({ job }) => job)];
    return new Set(held.filter((job) => job.poolId === poolId).map(({ queueName }) => queueName));
  }

  get asideCount(): number {
    return this.#aside.size;
  }

  add(job: HeldJob): void {
    this.#ahead.push(job);
  }

  startNext(): HeldJob | undefined {
    const job = this.#ahead.shift();
    if (!job) return undefined;
    job.state = 'running';
    this.#running.add(job);
    return job;
  }

  stepAside(job: HeldJob): void {
    this.#aside.add(job);
  }

  stepBack(job: HeldJob): void {
    this.#aside.delete(job);
  }

  end(job: HeldJob, settlement: Settlement): void {
    this.#running.delete(job);
    this.#aside.delete(job);
    if (job.state !== 'running') return;
    job.state = 'ended';
    this.outcomes.add(new HeldOutcome(job, settlement));
  }

  /** Newest first: each goes to the end that runs next, so that the oldest, gone back last, runs first again. */
  giveBackAhead(chosen: (job: HeldJob) => boolean = () => true): number {
    const back = this.#ahead.filter(chosen);
    if (back.length === 0) return 0;
    this.#ahead = this.#ahead.filter((job) => !chosen(job));
    for (const job of back.reverse()) this.#giveBack(job);
    return back.length;
  }

  /** Their handlers may go on; nothing that they end in is heard any more. One whose entry is just being changed waits. */
  giveBackRunning(): number {
    const back = [...this.#running].filter(({ isClaiming }) => !isClaiming).reverse();
    for (const job of back) {
      this.#running.delete(job);
      this.#aside.delete(job);
      if (job.state === 'running') this.#giveBack(job);
    }
    return back.length;
  }

  /**
   * Holds the entries of one list against what is held of it: running jobs first, then those ahead, then outcomes. What has
   * no entry is dropped; entries that nobody holds are answered.
   */
  reconcile(poolId: string, queueName: string, entries: readonly Buffer[]): Reconciled {
    const isHere = (of: { poolId: string; queueName: string }) => of.poolId === poolId && of.queueName === queueName;
    const running = [...this.#running].filter((job) => job.state === 'running' && isHere(job));
    const ahead = this.#ahead.filter(isHere);
    const outcomes = this.outcomes.ofPool(poolId).filter((outcome) => outcome.queueName === queueName);
    const { missing, unknown } = matchInProgress(entries, [...running, ...ahead, ...outcomes]);
    const gone = new Set<unknown>(missing);
    const lostAhead = ahead.filter((job) => gone.has(job));
    this.#ahead = this.#ahead.filter((job) => !gone.has(job));
    const settled = outcomes.filter((outcome) => gone.has(outcome));
    if (settled.length > 0)
      this.outcomes.replace(
        poolId,
        this.outcomes.ofPool(poolId).filter((outcome) => !gone.has(outcome)),
      );
    const lost = running.filter((job) => gone.has(job));
    for (const job of [...lostAhead, ...lost]) lose(job);
    return { settled, lost, unknown };
  }

  #giveBack(job: HeldJob): void {
    job.state = 'released';
    this.outcomes.add(new HeldOutcome(job, GIVEN_BACK));
  }
}

export interface Reconciled {
  readonly settled: readonly HeldOutcome[];
  readonly lost: readonly HeldJob[];
  readonly unknown: readonly Buffer[];
}

function lose(job: HeldJob): void {
  job.state = 'released';
  job.interrupt('fenced');
}

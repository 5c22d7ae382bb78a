import { nextTick } from 'node:process';
import { GIVEN_BACK, type Settlement } from '#store';
import type { FetchState } from './state/fetch-state.js';
import type { FetcherOptions } from './fetcher-options.js';
import type { HeldJob } from './state/held-job.js';
import { PumpTimer } from './pump-timer.js';
import { StepRunner } from './step-runner.js';

/**
 * Every event (a job's end, a reply, a wake-up, a timer) leads to one turn of the pump: it starts the jobs that can start
 * and does the next step. What these are, the state alone decides.
 */
export class Pump {
  readonly #steps: StepRunner;
  readonly #timer = new PumpTimer(() => this.#turn());
  readonly #watchers = new Set<() => void>();
  #isDue = false;
  #isRunning = false;
  #isArming = false;

  constructor(
    private readonly options: FetcherOptions,
    private readonly state: FetchState,
  ) {
    this.#steps = new StepRunner(options, state);
  }

  start(): void {
    this.#isRunning = true;
    this.schedule();
  }

  close(): void {
    this.#isRunning = false;
    this.#timer.clear();
    this.#tellWatchers();
  }

  /** What happens in one turn of the event loop leads to one turn here: jobs that end together are settled together. */
  readonly schedule = (): void => {
    if (this.#isDue || !this.#isRunning) return;
    this.#isDue = true;
    nextTick(() => {
      this.#isDue = false;
      this.#turn();
    });
  };

  /** Resolves when `condition` holds, looked at after each turn, or when the pump is closed. */
  when(condition: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (this.#isRunning && !condition()) return;
        this.#watchers.delete(look);
        resolve();
      };
      this.#watchers.add(look);
      if (this.#isRunning) this.schedule();
      else look();
    });
  }

  /** The next call leaves before the jobs are run, so that Redis and Node work at the same time. */
  #turn(): void {
    if (!this.#isRunning) return;
    const { state, options } = this;
    const nowMs = options.clock.monotonicMs();
    state.setWatched(options.waker.isTracking, nowMs);
    const jobs = state.startable(nowMs);
    const step = state.next(nowMs);
    if (step.kind === 'wait') this.#timer.set(nowMs, step.untilMs);
    else void this.#steps.run(step).then(() => this.#turn());
    for (const job of jobs) this.#run(job);
    this.#arm();
    this.#tellWatchers();
  }

  #run(job: HeldJob): void {
    const ended = (settlement: Settlement) => {
      this.state.jobEnded(job, settlement);
      this.schedule();
    };
    this.options.run(job).then(ended, (error: unknown) => {
      this.options.report({ type: 'role_failed', role: 'Fetcher', error });
      ended(GIVEN_BACK);
    });
  }

  #arm(): void {
    if (this.#isArming) return;
    const blocked = this.state.takeUnwatched();
    if (blocked.length === 0) return;
    this.#isArming = true;
    void this.options.waker.arm(blocked).then((ready) => {
      this.#isArming = false;
      for (const queueName of ready) this.state.woken(queueName);
      this.schedule();
    });
  }

  #tellWatchers(): void {
    for (const look of this.#watchers) look();
  }
}

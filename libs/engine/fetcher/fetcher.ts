import { TimeLimit } from '../background/index.js';
import { Drain } from './state/drain.js';
import { FetchState } from './state/fetch-state.js';
import { lostJob } from './lost-job.js';
import type { FetcherOptions } from './fetcher-options.js';
import type { HeldJob } from './state/held-job.js';
import { Pump } from './pump.js';
import { stopFetcher } from './stop-fetcher.js';
import type { StopTally } from './stop-tally.js';

/** Where Redis does not answer, a stop ends all the same. */
export const FAREWELL_MS = 2_000;

/**
 * Keeps the slots of a pool full: one call at a time settles everything that has ended and takes as many jobs as there are
 * free slots. Used once: a pool that starts again makes a new one.
 */
export class Fetcher {
  readonly #state: FetchState;
  readonly #pump: Pump;
  #isStarted = false;
  #endListening: (() => void) | undefined;
  #stopped: Promise<StopTally> | undefined;

  constructor(private readonly options: FetcherOptions) {
    const { membership, concurrency, jobTypes, random, report, onSettled } = options;
    this.#state = new FetchState({
      concurrency,
      jobTypes,
      random,
      beatAgeMs: () => membership.beatAgeMs(),
      onChange: () => this.#pump.schedule(),
      ...(onSettled && { onSettled }),
      onLost: (job) => report(lostJob(job)),
    });
    this.#pump = new Pump(options, this.#state);
  }

  /** The jobs whose handlers run. */
  get running(): ReadonlySet<HeldJob> {
    return this.#state.running;
  }

  /** The pool must be registered, under `membership.poolId`. */
  start(): void {
    if (this.#isStarted) return;
    this.#isStarted = true;
    const { redis, waker, membership } = this.options;
    this.#state.registered(membership.poolId);
    redis.on('ready', this.#onReady);
    this.#endListening = waker.listen({
      onQueue: (queueName) => this.#woken(queueName),
      onEverything: () => this.#woken(),
    });
    this.#pump.start();
  }

  /** The heartbeat learnt that this pool id, or the present one, is no member any more. */
  fenced(poolId?: string): void {
    this.#state.wasFenced(poolId);
    this.#pump.schedule();
  }

  /**
   * Resolves when every queue was seen empty, paused or at its limit while no job was held, or when the Fetcher stops.
   * Jobs that are scheduled or wait for a retry do not count. Fetching goes on.
   */
  async drain(): Promise<void> {
    const drain = new Drain();
    await this.#pump.when(() => {
      const progress = this.#state.drain(drain);
      if (progress === 'begins') this.#pump.schedule();
      return progress === 'over' || this.#stopped !== undefined;
    });
    this.#state.endDrain(drain);
  }

  /**
   * Takes no more jobs, waits for those that run, and resolves when Redis has confirmed all: see `stopFetcher`.
   *
   * @param farewell what is left to do on Redis when no job runs any more, and may be shared; by default 2 s
   */
  stop(gracePeriodMs: number, farewell?: TimeLimit): Promise<StopTally> {
    return (this.#stopped ??= this.#stop(gracePeriodMs, farewell));
  }

  async #stop(gracePeriodMs: number, shared: TimeLimit | undefined): Promise<StopTally> {
    const farewell = shared ?? new TimeLimit(FAREWELL_MS);
    const tally = await stopFetcher(this.#pump, this.#state, { gracePeriodMs, farewell });
    if (!shared) farewell.end();
    this.options.redis.off('ready', this.#onReady);
    this.#endListening?.();
    this.#pump.close();
    this.#state.close();
    return tally;
  }

  #woken(queueName?: string): void {
    this.#state.woken(queueName);
    this.#pump.schedule();
  }

  readonly #onReady = (): void => {
    this.#state.reconnected();
    this.#pump.schedule();
  };
}

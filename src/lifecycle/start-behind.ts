import { setTimeout } from 'node:timers/promises';
import type { WorkerPool } from '#engine';
import { workLogger } from './event-log.js';
import type { WorkInstance } from './work-instance.js';

/** How long the application's start waits for Redis before it goes on without; also the pause between two tries. */
const PATIENCE_MS = 1_000;

/**
 * Starts a pool behind the application's back where Redis does not answer at once: a start that waited could not even be
 * stopped by a signal, which Nest handles when it has started.
 */
export class StartBehind {
  readonly #instance: WorkInstance;
  readonly #pool: WorkerPool;
  readonly #abandoned = new AbortController();
  #trying: Promise<void> | undefined;

  constructor(instance: WorkInstance, pool: WorkerPool) {
    this.#instance = instance;
    this.#pool = pool;
  }

  /** Resolves when the pool runs, or after a second. */
  async start(): Promise<void> {
    const started = this.#pool.start();
    const isStarted = await Promise.race([started.then(() => true), this.#pause().then(() => false)]);
    if (isStarted || this.#isAbandoned) return;
    const { target } = this.#instance.connections;
    workLogger(this.#instance.name).warn(`Redis at ${target} does not answer. Jobs run as soon as it does.`);
    this.#trying = this.#untilStarted(started);
  }

  abandon(): void {
    this.#abandoned.abort();
  }

  async settled(): Promise<void> {
    await this.#trying;
  }

  get #isAbandoned(): boolean {
    return this.#abandoned.signal.aborted;
  }

  /** An answer may be an error still: a server that loads its data, or whose user may not yet. */
  async #untilStarted(first: Promise<void>): Promise<void> {
    for (let started = first; !this.#isAbandoned; started = this.#pool.start()) {
      try {
        return await started;
      } catch (error) {
        if (this.#isAbandoned) return;
        this.#instance.report({ type: 'role_failed', role: 'The start of the worker pool', error });
        await this.#pause();
      }
    }
  }

  async #pause(): Promise<void> {
    await setTimeout(PATIENCE_MS, undefined, { signal: this.#abandoned.signal, ref: false }).catch(() => {});
  }
}

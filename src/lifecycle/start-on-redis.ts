import { START_TIMEOUT_MS } from '#engine';
import { workLogger } from './event-log.js';
import type { WorkInstance } from './work-instance.js';

/** How long a start says nothing, and is held back where it need not wait; also the pause between two tries. */
const PATIENCE_MS = 1_000;

/** What needs Redis. `abandoned` ends it. */
export type Begin = (abandoned: AbortSignal) => Promise<void>;

/**
 * Begins what needs Redis when the application starts, and says once where Redis keeps it waiting. The option
 * `whenRedisIsDown` decides whether the start then fails, or goes on and leaves the rest behind the application's back: a
 * start that waited could not even be stopped by a signal, which Nest handles when it has started.
 */
export class StartOnRedis {
  readonly #abandoned = new AbortController();
  #endPause = () => {};
  #trying: Promise<void> | undefined;

  constructor(
    private readonly instance: WorkInstance,
    private readonly begin: Begin,
  ) {}

  /** Resolves when it has begun, or, where the application need not wait, after a second. */
  async run(): Promise<void> {
    const { target } = this.instance.connections;
    const begun = this.#begin();
    const isBegun = await Promise.race([begun.then(() => true), this.#pause({ ref: false }).then(() => false)]);
    if (isBegun || this.#isAbandoned) return;
    workLogger(this.instance.name).warn(`Redis at ${target} does not answer yet. ${this.#consequence()}`);
    if (this.instance.options.whenRedisIsDown === 'fail') await begun;
    else this.#trying = this.#untilBegun(begun);
  }

  abandon(): void {
    this.#abandoned.abort();
    this.#endPause();
  }

  async settled(): Promise<void> {
    await this.#trying;
  }

  get #isAbandoned(): boolean {
    return this.#abandoned.signal.aborted;
  }

  #begin(): Promise<void> {
    return this.begin(this.#abandoned.signal);
  }

  #consequence(): string {
    const { whenRedisIsDown, worker } = this.instance.options;
    if (whenRedisIsDown === 'fail')
      return `The start fails unless it does within ${START_TIMEOUT_MS / 1000} s (whenRedisIsDown: 'fail').`;
    const later = worker ? 'jobs run as soon as it does' : 'enqueues wait for it';
    return `The application starts without it, and ${later} (whenRedisIsDown: 'wait').`;
  }

  /** An answer may be an error still: a server that loads its data, or whose user may not yet. */
  async #untilBegun(first: Promise<void>): Promise<void> {
    const told = new Set<string>();
    for (let begun = first; !this.#isAbandoned; begun = this.#begin()) {
      try {
        return await begun;
      } catch (error) {
        if (this.#isAbandoned) return;
        if (!told.has(String(error))) this.#report(error);
        told.add(String(error));
        await this.#pause({ ref: true }); // nothing else may keep the process alive meanwhile
      }
    }
  }

  #report(error: unknown): void {
    const role = this.instance.options.worker ? 'WorkerPool' : 'Enqueuer';
    this.instance.report({ type: 'role_failed', role, error });
  }

  #pause({ ref }: { readonly ref: boolean }): Promise<void> {
    return new Promise((resolve) => {
      this.#endPause = resolve;
      const timer = setTimeout(resolve, PATIENCE_MS);
      if (!ref) timer.unref();
    });
  }
}

import { clearTimeout, setTimeout } from 'node:timers';
import type { Report, RoleName } from '../events.js';
import { ToldOnce } from './told-once.js';

export interface RepeatingTaskOptions {
  /** Whose task it is. */
  readonly role: RoleName;
  readonly report: Report;
  /** One pass. What it throws is told, and the task goes on. */
  readonly pass: () => Promise<unknown>;
  /** Milliseconds until the next pass, asked after each one. */
  readonly delayMs: (last: LastPass) => number;
}

export type LastPass = 'done' | 'failed';

/**
 * The loop of every background role: makes a pass, waits, makes the next. `wake` ends the wait early; a wake during a pass
 * makes another pass follow at once. `stop` waits for the pass that runs, which may ask `isStopping` and end early.
 */
export class RepeatingTask {
  readonly #trouble: ToldOnce;
  #running: Promise<void> | undefined;
  #isStopping = false;
  #isWoken = false;
  #endWait: (() => void) | undefined;

  constructor(private readonly options: RepeatingTaskOptions) {
    this.#trouble = new ToldOnce(options.role, options.report);
  }

  get isStopping(): boolean {
    return this.#isStopping;
  }

  start(): void {
    if (this.#running) return;
    this.#isStopping = false;
    this.#running = this.#loop();
  }

  wake(): void {
    this.#isWoken = true;
    this.#endWait?.();
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#endWait?.();
    await this.#running;
    this.#running = undefined;
  }

  /** Tells of an error outside of the passes, as of one in them. */
  failed(error: unknown): void {
    this.#trouble.failed(error);
  }

  async #loop(): Promise<void> {
    while (!this.#isStopping) {
      this.#isWoken = false;
      const last = await this.#pass();
      if (!this.#isStopping && !this.#isWoken) await this.#wait(this.options.delayMs(last));
    }
  }

  async #pass(): Promise<LastPass> {
    try {
      await this.options.pass();
      this.#trouble.succeeded();
      return 'done';
    } catch (error) {
      this.#trouble.failed(error);
      return 'failed';
    }
  }

  #wait(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        this.#endWait = undefined;
        resolve();
      };
      const timer = setTimeout(end, delayMs);
      this.#endWait = end;
    });
  }
}

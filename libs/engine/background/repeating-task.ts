export interface RepeatingTaskOptions {
  /** One pass. What it throws goes to `onError`, and the task goes on. */
  readonly run: () => Promise<unknown>;
  /** Milliseconds until the next pass, asked after each one. */
  readonly delayMs: () => number;
  readonly onError: (error: unknown) => void;
}

/**
 * The loop of every background role: runs a pass, waits, runs the next. `wake` ends the wait early; a wake during a pass
 * makes another pass follow at once. `stop` waits for the pass that runs.
 */
export class RepeatingTask {
  #running: Promise<void> | undefined;
  #stopping = false;
  #woken = false;
  #endWait: (() => void) | undefined;

  constructor(private readonly options: RepeatingTaskOptions) {}

  start(): void {
    if (this.#running) return;
    this.#stopping = false;
    this.#running = this.#loop();
  }

  wake(): void {
    this.#woken = true;
    this.#endWait?.();
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    this.#endWait?.();
    await this.#running;
    this.#running = undefined;
  }

  async #loop(): Promise<void> {
    while (!this.#stopping) {
      this.#woken = false;
      await this.#pass();
      if (!this.#stopping && !this.#woken) await this.#wait(this.options.delayMs());
    }
  }

  async #pass(): Promise<void> {
    try {
      await this.options.run();
    } catch (error) {
      this.options.onError(error);
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

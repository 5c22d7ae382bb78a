/**
 * A time that several waits share: each of them ends at the latest when it is over.
 *
 * Its timer is the global one, which fake timers replace, and not that of `node:timers` as everywhere else: a test of an
 * application that moves time wants a stop to end with it. Nothing is lost where it ends early or late: what the wait was for
 * goes on, or others take it over.
 */
export class TimeLimit {
  #over = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly limitMs: number) {}

  /** It runs from now on, anew where it ran already. */
  begin(): this {
    clearTimeout(this.#timer);
    this.#over = new Promise((resolve) => (this.#timer = setTimeout(resolve, this.limitMs)));
    return this;
  }

  /** Resolves when the task has ended, well or badly, or the time is over. Before `begin` it is over. */
  async within(task: Promise<unknown>): Promise<void> {
    await Promise.race([task.catch(() => undefined), this.#over]);
  }

  /** Lets go of its timer. */
  end(): void {
    clearTimeout(this.#timer);
  }
}

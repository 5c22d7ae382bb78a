/** Counts what is under way, so that closing can wait for it. */
export class OpenCalls {
  #count = 0;
  #isClosed = false;
  #whenNone: (() => void) | undefined;
  #closed: Promise<void> | undefined;

  get isClosed(): boolean {
    return this.#isClosed;
  }

  enter(): void {
    this.#count += 1;
  }

  leave(): void {
    this.#count -= 1;
    if (this.#count === 0) this.#whenNone?.();
  }

  /** Resolves when nothing is under way. */
  close(): Promise<void> {
    this.#isClosed = true;
    return (this.#closed ??= new Promise((resolve) => {
      this.#whenNone = resolve;
      if (this.#count === 0) resolve();
    }));
  }
}

import { JobNotStartedError } from './job-not-started-error.js';

/** Lets one through at a time, in the order of coming. */
export class SingleLane {
  readonly #waiting = new Set<() => void>();
  #isTaken = false;

  get isTaken(): boolean {
    return this.#isTaken;
  }

  /**
   * Resolves with what ends the turn; ending it twice is the same as once.
   *
   * @throws JobNotStartedError where `signal` aborts before the turn comes
   */
  async enter(signal: AbortSignal): Promise<() => void> {
    if (this.#isTaken) await this.#turn(signal);
    this.#isTaken = true;
    return this.#turnEnd();
  }

  #turn(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const come = () => {
        signal.removeEventListener('abort', give);
        resolve();
      };
      const give = () => {
        this.#waiting.delete(come);
        reject(new JobNotStartedError('the pool stopped while it waited for its turn', { cause: signal.reason }));
      };
      if (signal.aborted) return give();
      signal.addEventListener('abort', give, { once: true });
      this.#waiting.add(come);
    });
  }

  /** The lane stays taken while it is handed on, so that nobody slips in between. */
  #turnEnd(): () => void {
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      const [next] = this.#waiting;
      if (!next) return void (this.#isTaken = false);
      this.#waiting.delete(next);
      next();
    };
  }
}

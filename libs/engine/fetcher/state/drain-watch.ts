/**
 * When a drain is over: with nothing held, every queue was seen empty, paused, at its limit or unusable, and no job came
 * meanwhile.
 */
export class DrainWatch {
  #unseen: Set<string> | undefined;

  /** A pass begins: these queues are to be asked now. */
  begin(queueNames: readonly string[]): void {
    this.#unseen = new Set(queueNames);
  }

  saw(queueName: string): void {
    this.#unseen?.delete(queueName);
  }

  jobCame(): void {
    this.#unseen = undefined;
  }

  get isUnderWay(): boolean {
    return this.#unseen !== undefined;
  }

  get isOver(): boolean {
    return this.#unseen?.size === 0;
  }
}

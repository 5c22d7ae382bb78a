/**
 * One wait for empty queues. It is over when, since it began, every queue was seen empty, paused, at its limit or unusable,
 * and no job came. What a call finds that was sent before it began is not news: a job may have been enqueued since.
 */
export class Drain {
  #unseen: Set<string> | undefined;

  get hasBegun(): boolean {
    return this.#unseen !== undefined;
  }

  get isOver(): boolean {
    return this.#unseen?.size === 0;
  }

  /** These queues are to be asked from now on. */
  begin(queueNames: readonly string[]): void {
    this.#unseen = new Set(queueNames);
  }

  saw(queueName: string): void {
    this.#unseen?.delete(queueName);
  }

  /** It has to begin anew. */
  jobCame(): void {
    this.#unseen = undefined;
  }
}

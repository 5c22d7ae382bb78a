import type { FetchCall } from './fetch-call.js';

/** What must be cleared up before the next call, in this order: an unknown reply, a fence, lists to read. */
export class Recovery {
  readonly #toRead = new Set<string>();
  #unanswered: FetchCall | undefined;
  #isFenced = false;

  /** Sent without a reply: to be sent again, the same under the same number, until one comes. */
  get unanswered(): FetchCall | undefined {
    return this.#unanswered;
  }

  /** The present pool id is no member any more. */
  get isFenced(): boolean {
    return this.#isFenced;
  }

  callUnanswered(call: FetchCall): void {
    this.#unanswered = call;
    this.doubt(call.poolId);
  }

  callAnswered(): void {
    this.#unanswered = undefined;
  }

  fenced(): void {
    this.#isFenced = true;
  }

  renewed(): void {
    this.#isFenced = false;
  }

  /** The in-progress lists of this pool id may differ from what is held. */
  doubt(poolId: string): void {
    this.#toRead.add(poolId);
  }

  cleared(poolId: string): void {
    this.#toRead.delete(poolId);
  }

  get nextToRead(): string | undefined {
    for (const poolId of this.#toRead) return poolId;
    return undefined;
  }

  get isInDoubt(): boolean {
    return this.#toRead.size > 0;
  }

  get isUnderWay(): boolean {
    return this.isInDoubt || this.#unanswered !== undefined;
  }
}

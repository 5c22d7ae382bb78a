/** What a promise ends with, and whether anybody looks at how it fails: an `await`, a `catch`, a `then` with two handlers. */
export class WatchedPromise<T> extends Promise<T> {
  /** What is made of it need not be watched. */
  static override readonly [Symbol.species] = Promise;

  #isWatched = false;
  readonly #afterwards: WatchedPromise<T>[] = [];

  /** Where nobody looks, that is for its maker to see to, and no unhandled rejection. */
  static of<T>(promise: Promise<T>): WatchedPromise<T> {
    const watched = new WatchedPromise<T>((resolve) => resolve(promise));
    watched.ended().catch(() => {});
    return watched;
  }

  get isWatched(): boolean {
    return this.#isWatched || this.#afterwards.some(({ isWatched }) => isWatched);
  }

  /** The same end, or that of a `finally` which fails: does not count as a look. */
  async ended(): Promise<T> {
    const result = await super.then((value) => value);
    await Promise.all(this.#afterwards.map((each) => each.ended()));
    return result;
  }

  // Being of another class than Promise, it is asked by its own `then`, also by `await`.
  // oxlint-disable-next-line unicorn/no-thenable
  override then<A = T, B = never>(
    onFulfilled?: ((value: T) => A | PromiseLike<A>) | null,
    onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    this.#isWatched ||= typeof onRejected === 'function';
    return super.then(onFulfilled, onRejected);
  }

  /** Hands the failure on: who looks at what it returns looks at this. */
  override finally(onFinally?: (() => void) | null): Promise<T> {
    const afterwards = WatchedPromise.of(super.then((value) => value).finally(onFinally));
    this.#afterwards.push(afterwards);
    return afterwards;
  }
}

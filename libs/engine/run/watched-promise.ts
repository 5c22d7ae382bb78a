/** What a promise ends with, and whether anybody looks at how it fails: an `await`, a `catch`, a `then` with two handlers. */
export class WatchedPromise<T> extends Promise<T> {
  /** What is made of it need not be watched. */
  static override readonly [Symbol.species] = Promise;

  #isWatched = false;

  static of<T>(promise: Promise<T>): WatchedPromise<T> {
    return new WatchedPromise<T>((resolve) => resolve(promise));
  }

  get isWatched(): boolean {
    return this.#isWatched;
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
}

/**
 * Keeps apart those who change entries of the in-progress lists (claims) and the one who reads them. Closed, it lets no
 * claim begin; the reader waits until those under way have ended.
 */
export class ClaimGate {
  #underWay = 0;
  #opening: Promise<void> | undefined;
  #open: (() => void) | undefined;

  constructor(private readonly onEnded: () => void) {}

  get isQuiet(): boolean {
    return this.#underWay === 0;
  }

  close(): void {
    this.#opening ??= new Promise((resolve) => (this.#open = resolve));
  }

  open(): void {
    this.#open?.();
    this.#opening = this.#open = undefined;
  }

  async pass<T>(claim: () => Promise<T>): Promise<T> {
    while (this.#opening) await this.#opening;
    this.#underWay += 1;
    try {
      return await claim();
    } finally {
      this.#underWay -= 1;
      this.onEnded();
    }
  }
}

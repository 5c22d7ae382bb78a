interface Sighting<T> {
  readonly what: T;
  readonly mark: string;
  readonly sinceMs: number;
}

/** What looks abandoned is touched only if it looked the same so long before: Go's workers start before their heartbeat. */
export const SIGHTING_WAIT_MS = 30_000;
const MAX_SIGHTINGS = 1_000;

/** Remembers what looked abandoned, and since when. Bounded: what does not fit is seen another time. */
export class Sightings<T> {
  readonly #seen = new Map<string, Sighting<T>>();

  constructor(private readonly monotonicMs: () => number) {}

  get size(): number {
    return this.#seen.size;
  }

  /** `mark`: what must still be the same later; another one begins anew. */
  see(key: string, what: T, mark = ''): void {
    if (this.#seen.get(key)?.mark === mark) return;
    if (!this.#seen.has(key) && this.#seen.size >= MAX_SIGHTINGS) return;
    this.#seen.set(key, { what, mark, sinceMs: this.monotonicMs() });
  }

  /** Forgets all but these. */
  keepOnly(keys: ReadonlySet<string>): void {
    for (const key of this.#seen.keys()) if (!keys.has(key)) this.#seen.delete(key);
  }

  /** Takes out what was first seen long enough ago. */
  takeDue(): T[] {
    const now = this.monotonicMs();
    const due = [...this.#seen].filter(([, { sinceMs }]) => now - sinceMs >= SIGHTING_WAIT_MS);
    for (const [key] of due) this.#seen.delete(key);
    return due.map(([, { what }]) => what);
  }
}

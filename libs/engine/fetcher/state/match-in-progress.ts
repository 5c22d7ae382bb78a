/** What is compared with the entries of an in-progress list. */
export interface Holding {
  readonly bytes: Buffer;
}

export interface Matched<H extends Holding> {
  /** Holdings whose entry is not in the list. */
  readonly missing: readonly H[];
  /** Entries that nobody holds, in the order of the list. */
  readonly unknown: readonly Buffer[];
}

/** Compares as multisets, because Go can queue identical bytes: each entry answers for one holding, earlier ones first. */
export function matchInProgress<H extends Holding>(entries: readonly Buffer[], holdings: readonly H[]): Matched<H> {
  const byBytes = new Map<string, Buffer[]>();
  for (const entry of entries) {
    const key = entry.toString('latin1');
    const same = byBytes.get(key);
    if (same) same.push(entry);
    else byBytes.set(key, [entry]);
  }
  const missing = holdings.filter(({ bytes }) => !byBytes.get(bytes.toString('latin1'))?.pop());
  const left = new Set([...byBytes.values()].flat());
  return { missing, unknown: entries.filter((entry) => left.has(entry)) };
}

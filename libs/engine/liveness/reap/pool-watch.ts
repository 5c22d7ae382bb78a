/** What was seen of a pool that is looked at. */
interface Seen {
  /** Its `heartbeat_at`, compared with itself only: hosts' clocks differ. */
  readonly beat: string;
  /** Looks in a row that found it the same. */
  readonly unchanged: number;
  readonly hasChanged: boolean;
}

/** What a look needs to know of the pools. */
export interface Pools {
  readonly members: readonly string[];
  /** Ids of pools of this package: they watch, too. */
  readonly ours: ReadonlySet<string>;
}

export interface DeadPool {
  readonly poolId: string;
  /** '' for none. */
  readonly heartbeatAt: string;
}

/** Looks that must find a heartbeat unchanged: with 2 s between them, twice gocraft/work's interval of 5 s. */
export const DEAD_AFTER_LOOKS = 5;
/** Living pools of ours to look at: one would do, if it were sure to live on. */
const LIVING_WATCHED = 2;

/**
 * Whom a pool looks at, and who is dead. All ids stand in a ring, in their order; each pool looks at those after its own
 * up to the second one of ours that is known to live. So the nearest living pools before a dead one watch it, however many
 * there are; Go's pools watch nobody, and are passed.
 */
export class PoolWatch {
  #seen = new Map<string, Seen>();
  #watched: readonly string[] = [];

  /** The pools to look at next. */
  get watched(): readonly string[] {
    return this.#watched;
  }

  /** Pools of which something is remembered. */
  get size(): number {
    return this.#seen.size;
  }

  /** Takes what a look found. */
  record(beats: ReadonlyMap<string, string>): void {
    for (const [poolId, beat] of beats) {
      const last = this.#seen.get(poolId);
      if (!last) this.#seen.set(poolId, { beat, unchanged: 0, hasChanged: false });
      else if (last.beat !== beat) this.#seen.set(poolId, { beat, unchanged: 0, hasChanged: true });
      else this.#seen.set(poolId, { ...last, unchanged: last.unchanged + 1 });
    }
  }

  /** Chooses anew whom to look at, forgets the others, and answers those of whom nothing is known yet. */
  choose(ownId: string, pools: Pools): readonly string[] {
    this.#watched = this.#ring(ownId, pools);
    const watched = new Set(this.#watched);
    for (const poolId of this.#seen.keys()) if (!watched.has(poolId)) this.#seen.delete(poolId);
    return this.#watched.filter((poolId) => !this.#seen.has(poolId));
  }

  dead(): readonly DeadPool[] {
    return [...this.#seen]
      .filter(([, { unchanged }]) => unchanged >= DEAD_AFTER_LOOKS)
      .map(([poolId, { beat }]) => ({ poolId, heartbeatAt: beat }));
  }

  /** Begins anew with all: what was seen was seen on another connection, or by one who could not write himself. */
  forgetAll(): void {
    this.#seen.clear();
  }

  #ring(ownId: string, { members, ours }: Pools): readonly string[] {
    const sorted = [...new Set(members)].filter((poolId) => poolId !== ownId).toSorted();
    const start = sorted.findIndex((poolId) => poolId > ownId);
    const ring = start < 0 ? sorted : [...sorted.slice(start), ...sorted.slice(0, start)];
    let living = 0;
    const end = ring.findIndex((poolId) => ours.has(poolId) && this.#lives(poolId) && ++living === LIVING_WATCHED);
    return end < 0 ? ring : ring.slice(0, end + 1);
  }

  #lives(poolId: string): boolean {
    const seen = this.#seen.get(poolId);
    return seen !== undefined && seen.hasChanged && seen.unchanged < DEAD_AFTER_LOOKS;
  }
}

import { look, removePool, scanOrphans, type OrphanedList } from '#store';
import { jittered, RepeatingTask } from '../../background/index.js';
import { reapAll, type PoolReapTally } from '../reap/reap-all.js';
import type { ReapOptions } from '../reap/reap.js';
import { Sightings } from './sightings.js';

/** `redis`: a `commands` connection. */
export interface OrphanFinderOptions extends ReapOptions {
  readonly random: () => number;
  /** @default 30000 */
  readonly intervalMs?: number | undefined;
  /** Keys walked in one pass; the next one goes on from there. @default 20000 */
  readonly keysPerPass?: number | undefined;
}

export interface OrphanTally {
  /** Abandoned lists and ids that are remembered for now. */
  readonly waiting: number;
  readonly reaps: readonly PoolReapTally[];
  /** Older ids of living processes that were forgotten, since they hold nothing any more. */
  readonly superseded: number;
}

interface Orphan {
  readonly poolId: string;
  readonly list?: OrphanedList;
}

const INTERVAL_MS = 30_000;
const KEYS_PER_PASS = 20_000;
const KEYS_PER_CALL = 1_000;

/**
 * Finds what no set leads to any more: in-progress lists of pools that left every set (Go's reaper forgets the jobs of a
 * pool without a heartbeat), and ids of ours whose process died while it was fenced.
 */
export class OrphanFinder {
  readonly #orphans: Sightings<Orphan>;
  readonly #task: RepeatingTask;
  #cursor = '0';

  constructor(private readonly options: OrphanFinderOptions) {
    const { clock, random, report, intervalMs = INTERVAL_MS } = options;
    this.#orphans = new Sightings(() => clock.monotonicMs());
    this.#task = new RepeatingTask({
      role: 'OrphanFinder',
      report,
      pass: () => this.runOnce(),
      delayMs: () => jittered(intervalMs, random),
    });
  }

  start(): void {
    this.#task.start();
  }

  stop(): Promise<void> {
    return this.#task.stop();
  }

  async runOnce(): Promise<OrphanTally> {
    const due = this.#orphans.takeDue().map(({ poolId, list }) => {
      return { poolId, cause: { kind: 'orphan', ...(list && { list }) } as const };
    });
    const reaps = await reapAll(due, this.options, () => this.#task.isStopping);
    const superseded = await this.#sortIds();
    await this.#scan();
    return { waiting: this.#orphans.size, reaps, superseded };
  }

  /** Ids of ours that are no members: those of living processes are dropped when they hold nothing, the others are orphans. */
  async #sortIds(): Promise<number> {
    const { redis, keyspace } = this.options;
    const { members, reaping } = await look(redis, keyspace, []);
    const standing = new Set([...members, ...reaping]);
    const livingAs = await redis.hgetall(keyspace.ext.pools);
    const strays = Object.entries(livingAs).filter(([poolId]) => !standing.has(poolId));
    const jobNames = strays.length > 0 ? await redis.smembers(keyspace.knownJobs) : [];
    let superseded = 0;
    for (const [poolId, lifeId] of strays) {
      if (!standing.has(lifeId)) this.#orphans.see(poolId, { poolId });
      else if (await this.#drop(poolId, jobNames)) superseded += 1;
    }
    return superseded;
  }

  async #drop(poolId: string, jobNames: readonly string[]): Promise<boolean> {
    const { redis, keyspace } = this.options;
    return (await removePool(redis, keyspace, { cause: 'superseded', poolId, olderIds: [], jobNames })) === 'removed';
  }

  async #scan(): Promise<void> {
    const { redis, keyspace, keysPerPass = KEYS_PER_PASS } = this.options;
    for (let walked = 0; walked < keysPerPass && !this.#task.isStopping; walked += KEYS_PER_CALL) {
      const { cursor, lists } = await scanOrphans(redis, keyspace, this.#cursor, Math.min(KEYS_PER_CALL, keysPerPass));
      this.#cursor = cursor;
      for (const list of lists)
        this.#orphans.see(`${list.poolId}\n${list.jobName}`, { poolId: list.poolId, list }, list.oldestSha1);
      if (cursor === '0') return;
    }
  }
}

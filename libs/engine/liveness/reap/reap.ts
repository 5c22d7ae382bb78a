import { encodeQuarantined, type Keyspace } from '#protocol';
import {
  beginReap,
  moveBack,
  readTogether,
  removePool,
  type Fate,
  type FatedEntry,
  type HeldList,
  type MoveBackReply,
  type ReapCause,
  type ReapedEntry,
  type WorkRedis,
} from '#store';
import { epochSeconds, type Clock } from '../../clock.js';
import type { Report } from '../../events.js';
import { QuarantineRefusedError } from './quarantine-refused-error.js';
import { fateOf, FINISHED_BY_GO, isUniqueByKey } from './recovered-entry.js';

export interface ReapOptions {
  readonly redis: WorkRedis;
  readonly keyspace: Keyspace;
  readonly clock: Clock;
  readonly report: Report;
}

export interface ReapTally {
  /**
   * - `alive`: its beat changed at the last moment
   * - `back`: it came back meanwhile
   * - `gone`: others did it
   * - `unfinished`: to be continued
   */
  readonly outcome: 'reaped' | 'alive' | 'back' | 'gone' | 'unfinished';
  readonly recovered: number;
  readonly poisoned: number;
}

type Moves = Extract<MoveBackReply, { kind: 'reaping' }>;

/** Lists named in one call: five keys each. */
const LISTS_PER_CALL = 200;

/**
 * One dead pool: takes it out of `worker_pools`, moves its entries to where they came from, forgets it. Several pools can do
 * it at the same time, and any can go on where one has stopped: what is to be done stands in Redis.
 */
export class Reap {
  #recovered = 0;
  #poisoned = 0;
  #isOurs = true;
  #finishedTypes: ReadonlySet<string> = new Set();
  /** Entries that their queue refused. */
  readonly #refused = new Set<string>();

  constructor(
    private readonly options: ReapOptions,
    private readonly poolId: string,
    private readonly cause: ReapCause,
    /** Asked between calls. */
    private readonly isStopping: () => boolean = () => false,
  ) {}

  async run(): Promise<ReapTally> {
    const { redis, keyspace } = this.options;
    const begun = await beginReap(redis, keyspace, this.poolId, this.cause);
    if (begun.kind !== 'reaping') return this.#tally(begun.kind);
    const { jobNames, olderIds } = begun;
    this.#isOurs = begun.isOurs;
    this.#finishedTypes = await this.#readFinishedTypes(jobNames);
    const lists = [this.poolId, ...olderIds].flatMap((poolId) => jobNames.map((jobName) => ({ poolId, jobName })));
    for (let at = 0; at < lists.length; at += LISTS_PER_CALL) {
      const moved = await this.#empty(lists.slice(at, at + LISTS_PER_CALL));
      if (moved !== 'empty') return this.#tally(moved);
    }
    const step = { cause: 'reaped', poolId: this.poolId, olderIds, jobNames } as const;
    const removed = await removePool(redis, keyspace, step);
    return this.#tally(removed === 'removed' ? 'reaped' : removed === 'held' ? 'unfinished' : removed);
  }

  async #empty(lists: readonly HeldList[]): Promise<'empty' | 'back' | 'gone' | 'unfinished'> {
    let entries: readonly FatedEntry[] = [];
    while (!this.isStopping()) {
      const reply = await moveBack(this.options.redis, this.options.keyspace, { poolId: this.poolId, lists, entries });
      if (reply.kind !== 'reaping') return reply.kind;
      this.#count(reply);
      if (reply.next.length === 0) return 'empty';
      entries = reply.next.map((entry) => ({ ...entry, fate: this.#fate(entry) }));
    }
    return 'unfinished';
  }

  #count({ back, dead, refused, setAside }: Moves): void {
    this.#recovered += back;
    this.#poisoned += dead.length;
    for (const { list, fate } of dead) this.#reportPoison(list, fate);
    for (const { list, fate } of setAside) this.#reportSetAside(list, fate);
    for (const entry of refused) this.#noteRefused(entry);
  }

  #reportPoison({ jobName, poolId }: HeldList, fate: Fate): void {
    if (fate.kind === 'suspect') this.options.report({ type: 'job_poisoned', job: jobName, jobId: fate.jobId, poolId });
  }

  #reportSetAside({ jobName }: HeldList, fate: Fate): void {
    if (fate.kind === 'quarantined')
      this.options.report({ type: 'job_quarantined', queue: jobName, reason: fate.reason });
  }

  #noteRefused(entry: FatedEntry): void {
    if (entry.fate.kind === 'quarantined') throw new QuarantineRefusedError(this.options.keyspace.ext.quarantine);
    this.#refused.add(nameOf(entry));
  }

  #fate(entry: ReapedEntry): Fate {
    const { keyspace, clock } = this.options;
    const { jobName, poolId } = entry.list;
    const now = epochSeconds(clock);
    const reason = this.#reasonToSetAside(entry);
    if (reason === undefined) return fateOf(entry.bytes, now, this.#isOurs);
    const note = { reason, from: keyspace.inProgress(jobName, poolId), at: now };
    return { kind: 'quarantined', reason, bytes: encodeQuarantined(note, entry.bytes) };
  }

  #reasonToSetAside(entry: ReapedEntry): string | undefined {
    const { jobName } = entry.list;
    if (this.#refused.has(nameOf(entry))) return `Redis refused to move it to ${this.options.keyspace.queue(jobName)}`;
    return this.#finishedTypes.has(jobName) && isUniqueByKey(entry.bytes) ? FINISHED_BY_GO : undefined;
  }

  /**
   * Types of which a pool that left by itself counted no running job, so that what is left is finished. Read before
   * anything is moved, which changes the counts.
   */
  async #readFinishedTypes(jobNames: readonly string[]): Promise<ReadonlySet<string>> {
    if (this.#isOurs || this.cause.kind !== 'orphan') return new Set();
    const { redis, keyspace } = this.options;
    const counts = await readTogether(
      redis,
      jobNames.map((jobName) => ['HGET', keyspace.lockInfo(jobName), this.poolId]),
    );
    return new Set(jobNames.filter((_, index) => String(counts[index]) === '0'));
  }

  #tally(outcome: ReapTally['outcome']): ReapTally {
    const { poolId, cause } = this;
    const tally = { outcome, recovered: this.#recovered, poisoned: this.#poisoned };
    const hasMoved = tally.recovered + tally.poisoned > 0;
    if (outcome === 'reaped' || hasMoved) {
      const { recovered, poisoned } = tally;
      this.options.report({ type: 'pool_reaped', poolId, cause: cause.kind, recovered, poisoned });
    }
    return tally;
  }
}

function nameOf({ list, bytes }: ReapedEntry): string {
  return `${list.poolId}\n${list.jobName}\n${bytes.toString('latin1')}`;
}

import type { EpochSeconds, JobDocument, Keyspace } from '#protocol';
import { findEntries, readTogether, type WorkRedis } from '#store';
import { listEntry } from './listed-entry.js';
import { knownJobs } from './queue-reader.js';

/** Where a job stands. */
export type JobPlace =
  | { readonly state: 'waiting' }
  | { readonly state: 'running'; readonly poolId: string }
  /** `at` is when it runs, is retried, or died. */
  | { readonly state: 'scheduled' | 'retry' | 'dead'; readonly at: EpochSeconds };

/** What `jobById` found. */
export interface JobSearchResult {
  readonly found: { readonly place: JobPlace; readonly job: JobDocument } | undefined;
  /** False: the search ended at its bound, and the job may stand in what was not looked at. */
  readonly isComplete: boolean;
  /** Entries looked at. */
  readonly scanned: number;
}

/** How far `jobById` looks. */
export interface JobSearchOptions {
  /**
   * Entries to look at before giving up.
   *
   * @default 100000
   */
  readonly maxEntries?: number | undefined;
}

type Source = { readonly key: string } & (
  | { readonly state: 'waiting' }
  | { readonly state: 'running'; readonly poolId: string }
  | { readonly state: 'scheduled' | 'retry' | 'dead' }
);

const DEFAULT_MAX_ENTRIES = 100_000;
const STEP = 1_000;

/**
 * Looks for a job wherever jobs stand, in the order in which they pass these places; there is no index. A job that goes
 * back meanwhile, to its next attempt, can be missed.
 */
export class JobSearch {
  constructor(
    private readonly redis: WorkRedis,
    private readonly keyspace: Keyspace,
  ) {}

  async run(jobId: string, options: JobSearchOptions): Promise<JobSearchResult> {
    const { maxEntries = DEFAULT_MAX_ENTRIES } = options;
    let scanned = 0;
    for (const source of await this.#sources()) {
      const look = await this.#lookIn(source, jobId, maxEntries - scanned);
      scanned += look.scanned;
      if (look.found || !look.isComplete) return { ...look, scanned };
    }
    return { found: undefined, isComplete: true, scanned };
  }

  /** In one queue, however long it is. */
  inQueue(jobName: string, jobId: string): Promise<Buffer | undefined> {
    return this.#find({ key: this.keyspace.queue(jobName), state: 'waiting' }, jobId, Infinity).then(
      ({ match }) => match?.bytes,
    );
  }

  async #lookIn(source: Source, jobId: string, maxEntries: number): Promise<JobSearchResult> {
    const { match, scanned, isComplete } = await this.#find(source, jobId, maxEntries);
    return { found: match && { place: placeOf(source, match.score), job: match.job }, scanned, isComplete };
  }

  async #find(source: Source, jobId: string, maxEntries: number) {
    let looked = 0;
    while (looked < maxEntries) {
      const count = Math.min(STEP, maxEntries - looked);
      const { scanned, entries } = await findEntries(this.redis, { key: source.key, first: looked, count }, jobId);
      looked += scanned;
      const match = entries.flatMap(({ bytes, score }) => jobOf(bytes, score)).find(({ job }) => job.id === jobId);
      if (match || scanned < count) return { match, scanned: looked, isComplete: true };
    }
    return { match: undefined, scanned: looked, isComplete: false };
  }

  async #sources(): Promise<Source[]> {
    const { keyspace } = this;
    const names = await knownJobs(this.redis, keyspace);
    const running = await this.#poolIds();
    const lists = [
      ...names.map((name) => ({ key: keyspace.queue(name), state: 'waiting' as const })),
      ...running.flatMap((poolId) =>
        names.map((name) => ({
          key: keyspace.inProgress(name, poolId),
          state: 'running' as const,
          poolId,
        })),
      ),
    ];
    return [
      { key: keyspace.scheduled, state: 'scheduled' },
      { key: keyspace.retry, state: 'retry' },
      ...(await this.#filled(lists)),
      { key: keyspace.dead, state: 'dead' },
    ];
  }

  /** Every pool whose lists may hold jobs: those that are registered, and those that are being reaped. */
  async #poolIds(): Promise<string[]> {
    const { workerPools, ext } = this.keyspace;
    const replies = await readTogether(this.redis, [
      ['SMEMBERS', workerPools],
      ['SMEMBERS', ext.reaping],
      ['HKEYS', ext.pools],
    ]);
    return [...new Set(replies.flatMap((reply) => ((reply ?? []) as readonly Buffer[]).map(String)))];
  }

  async #filled<T extends Source>(lists: readonly T[]): Promise<T[]> {
    const lengths = await readTogether(
      this.redis,
      lists.map(({ key }) => ['LLEN', key] as const),
    );
    return lists.filter((_, index) => Number(lengths[index] ?? 0) > 0);
  }
}

function jobOf(bytes: Buffer, score: number | undefined) {
  const entry = listEntry(bytes, score);
  return entry.kind === 'job' ? [{ job: entry.job, bytes, score }] : [];
}

function placeOf(source: Source, score: number | undefined): JobPlace {
  if (source.state === 'waiting') return { state: 'waiting' };
  if (source.state === 'running') return { state: 'running', poolId: source.poolId };
  return { state: source.state, at: score ?? 0 };
}

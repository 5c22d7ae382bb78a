import type { EpochSeconds, JobDocument, Keyspace } from '#protocol';
import { moveMembers, type MoveFate, type WorkRedis } from '#store';
import { JobNotFoundError, JobNotMovedError } from './client-errors.js';
import { toMember, type Member, type SortedSet } from './sorted-set.js';

/** How a member is to stand in its queue. */
export type Restamp = (member: Member) => Buffer;

export interface MoveAllOptions {
  /**
   * Jobs moved in one step.
   *
   * @default 100
   */
  readonly batchSize?: number | undefined;
  /** Ends the work after the step under way; what was moved stays moved. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((tally: MoveAllTally) => void) | undefined;
}

export interface MoveAllTally {
  readonly moved: number;
  /** Left where they are: no jobs, or Redis refused to put them into their queue. */
  readonly kept: number;
  /** Whether the signal ended it before all were looked at. */
  readonly isAborted: boolean;
}

const DEFAULT_BATCH_SIZE = 100;

/** Moves jobs from sorted sets to the queues of their names, known to this process or not. */
export class Mover {
  constructor(
    private readonly redis: WorkRedis,
    private readonly keyspace: Keyspace,
  ) {}

  /** @throws JobNotFoundError, JobNotMovedError */
  async moveOne(set: SortedSet, at: EpochSeconds, jobId: string, restamp: Restamp, what: string): Promise<JobDocument> {
    const members = await set.find(at, jobId);
    const fates = await this.#move(set, members, restamp);
    const refusal = fates.find((fate) => fate instanceof Error);
    if (refusal) throw new JobNotMovedError(jobId, this.keyspace.queue(members[0]!.job.name), refusal);
    const moved = members[fates.indexOf('moved')];
    if (!moved) throw new JobNotFoundError(jobId, set.key, what);
    return moved.job;
  }

  /** Those with a score up to `until`, the lowest first. */
  async moveAll(set: SortedSet, until: EpochSeconds, restamp: Restamp, options: MoveAllOptions): Promise<MoveAllTally> {
    const { batchSize = DEFAULT_BATCH_SIZE, signal, onProgress } = options;
    let [moved, kept] = [0, 0];
    while (!signal?.aborted) {
      const entries = await set.range(-Infinity, until, kept, batchSize);
      if (entries.length === 0) return { moved, kept, isAborted: false };
      const fates = await this.#move(set, entries.flatMap(toMember), restamp);
      moved += fates.filter((fate) => fate === 'moved').length;
      kept += entries.length - fates.filter((fate) => !(fate instanceof Error)).length;
      onProgress?.({ moved, kept, isAborted: false });
    }
    return { moved, kept, isAborted: true };
  }

  #move(set: SortedSet, members: readonly Member[], restamp: Restamp): Promise<readonly MoveFate[]> {
    const isSchedule = set.key === this.keyspace.scheduled;
    const moves = members.map((member) => ({
      jobName: member.job.name,
      member: member.bytes,
      bytes: restamp(member),
      tickId: isSchedule && member.job.id.startsWith('periodic:') ? member.job.id : undefined,
    }));
    return moveMembers(this.redis, this.keyspace, set.key, moves);
  }
}

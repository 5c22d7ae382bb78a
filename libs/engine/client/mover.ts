import { tickIdOf, type EpochSeconds, type Keyspace } from '#protocol';
import { moveDue, replyError, type MoveDueReply, type WorkRedis } from '#store';
import { JobNotFoundError, JobNotMovedError } from './client-errors.js';
import { toMember, type Member, type SortedSet } from './sorted-set.js';

/** How a member is to stand in its queue. */
export type Restamp = (member: Member) => Buffer;

/** How `retryAllDeadJobs` goes on. */
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

/** What `retryAllDeadJobs` did. */
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
  async moveOne(set: SortedSet, at: EpochSeconds, jobId: string, restamp: Restamp, what: string): Promise<void> {
    const { moved, refused } = await this.#move(set, await set.find(at, jobId), restamp);
    const [refusal] = refused;
    if (refusal) throw new JobNotMovedError(jobId, this.keyspace.queue(refusal.job.name), replyError(refusal.error));
    if (moved === 0) throw new JobNotFoundError(jobId, set.key, what);
  }

  /** Those with a score up to `until`, the lowest first. */
  async moveAll(set: SortedSet, until: EpochSeconds, restamp: Restamp, options: MoveAllOptions): Promise<MoveAllTally> {
    const { batchSize = DEFAULT_BATCH_SIZE, signal, onProgress } = options;
    let [moved, kept] = [0, 0];
    while (!signal?.aborted) {
      const entries = await set.range(-Infinity, until, kept, batchSize);
      if (entries.length === 0) return { moved, kept, isAborted: false };
      const members = entries.flatMap(toMember);
      const reply = await this.#move(set, members, restamp);
      moved += reply.moved;
      kept += entries.length - members.length + reply.refused.length;
      onProgress?.({ moved, kept, isAborted: false });
    }
    return { moved, kept, isAborted: true };
  }

  #move(set: SortedSet, members: readonly Member[], restamp: Restamp): Promise<MoveDueReply> {
    const isSchedule = set.key === this.keyspace.scheduled;
    const jobs = members.map((member) => ({
      name: member.job.name,
      entry: member.bytes,
      job: restamp(member),
      tickId: isSchedule ? tickIdOf(member.job, member.at) : undefined,
    }));
    return moveDue(this.redis, this.keyspace, set.key, jobs);
  }
}

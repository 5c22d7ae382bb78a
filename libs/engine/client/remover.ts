import { tickIdOf, type EpochSeconds, type Keyspace } from '#protocol';
import { removeEntries, type WorkRedis } from '#store';
import { JobNotFoundError } from './client-errors.js';
import { heldUniqueKeys } from './held-unique-keys.js';
import type { Member, SortedSet } from './sorted-set.js';

/** Takes jobs out of sorted sets, for good. */
export class Remover {
  constructor(
    private readonly redis: WorkRedis,
    private readonly keyspace: Keyspace,
  ) {}

  /** @throws JobNotFoundError */
  async removeOne(set: SortedSet, at: EpochSeconds, jobId: string): Promise<void> {
    const members = await set.find(at, jobId);
    const isSchedule = set.key === this.keyspace.scheduled;
    const removals = members.map((member) => (isSchedule ? this.#withHeld(member) : withoutHeld(member)));
    const removed = await removeEntries(this.redis, this.keyspace, set.key, removals);
    if (removed === 0) throw new JobNotFoundError(jobId, set.key, 'Nothing was deleted');
  }

  /** A job that waits for its time holds its uniqueness and its tick. */
  #withHeld({ bytes, job, at }: Member) {
    return { bytes, uniqueKeys: heldUniqueKeys(this.keyspace, job), tickId: tickIdOf(job, at) };
  }
}

/** One that has run holds nothing any more. */
function withoutHeld({ bytes }: Member) {
  return { bytes, uniqueKeys: [] };
}

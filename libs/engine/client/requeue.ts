import { CLAIMED, spliceJob, type EpochSeconds, type JobChanges, type JobDocument } from '#protocol';

/** A job as it stands in its queue after it waited in a set for its time. */
export function asDue(bytes: Buffer, now: EpochSeconds): Buffer {
  return spliceJob(bytes, { t: now });
}

/**
 * A dead job as it stands in its queue with all its attempts before it. Where it had run, its uniqueness ended then, and
 * the key may be another job's by now.
 */
export function asNew(bytes: Buffer, job: JobDocument, now: EpochSeconds): Buffer {
  const afresh: JobChanges = { t: now, fails: null, err: null, failed_at: null, _recovered: null };
  return spliceJob(bytes, job.unique && job.fails > 0 ? { ...afresh, ...CLAIMED } : afresh);
}

import { decodeJob, encodeQuarantined, spliceJob, tickIdOf, UndecodableJobError, type EpochSeconds } from '#protocol';
import type { DueEntry, DueJob, WaitingOutcast } from '#store';

/** A due entry that cannot be moved, and why. */
export interface Outcast extends WaitingOutcast {
  readonly reason: string;
}

export interface SortedDue {
  readonly jobs: readonly DueJob[];
  readonly outcasts: readonly Outcast[];
}

/** Makes of each due entry the job that goes to its queue, enqueued now; what is no job is set aside. */
export function sortDue(entries: readonly DueEntry[], from: string, now: EpochSeconds): SortedDue {
  const jobs: DueJob[] = [];
  const outcasts: Outcast[] = [];
  for (const entry of entries) {
    try {
      jobs.push(toDueJob(entry, now));
    } catch (error) {
      outcasts.push(outcast(entry.bytes, reasonOf(error), from, now));
    }
  }
  return { jobs, outcasts };
}

export function outcast(entry: Buffer, reason: string, from: string, at: EpochSeconds): Outcast {
  return { entry, reason, quarantined: encodeQuarantined({ reason, from, at }, entry) };
}

function toDueJob({ bytes, score }: DueEntry, now: EpochSeconds): DueJob {
  const document = decodeJob(bytes);
  return { name: document.name, entry: bytes, job: spliceJob(bytes, { t: now }), tickId: tickIdOf(document, score) };
}

/** Whatever a reader stumbles over must not hold up what waits behind it. */
function reasonOf(error: unknown): string {
  return error instanceof UndecodableJobError ? error.reason : `it could not be read: ${String(error)}`;
}

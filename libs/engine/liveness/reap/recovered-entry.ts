import {
  CLAIMED,
  decodeJob,
  spliceJob,
  UndecodableJobError,
  type EpochSeconds,
  type JobChanges,
  type JobDocument,
} from '#protocol';
import type { Fate } from '#store';

/** A job that was running when its process died so often is given up: it may be what kills it. */
export const POISON_RECOVERIES = 3;

export const POISON_REASON =
  `Its process died ${POISON_RECOVERIES} times while this job ran. It was given up, as it may be what kills the process: ` +
  'out of memory, a native crash, process.exit.';

/**
 * What becomes of an entry of a dead pool: it runs again, counted in its text; one that was recovered twice before goes to
 * dead if the pool had named it before starting it, which only one at a time is. What cannot be decoded goes back as it is,
 * for whoever takes it next to set aside.
 */
export function fateOf(bytes: Buffer, now: EpochSeconds, isOurs: boolean): Fate {
  const job = decoded(bytes);
  if (!job) return { kind: 'back', bytes };
  if (!isOurs) return { kind: 'back', bytes: spliceJob(bytes, changesOfGos(job)) };
  const recovered = job.recovered + 1;
  if (recovered < POISON_RECOVERIES) return { kind: 'back', bytes: spliceJob(bytes, { _recovered: recovered }) };
  const failure = { fails: job.fails + 1, err: POISON_REASON, failed_at: now, _recovered: recovered };
  return { kind: 'suspect', jobId: job.id, score: now, bytes: spliceJob(bytes, failure) };
}

/**
 * Go names no suspects. It deletes a unique job's key right after the fetch, and writes nothing into the job: by now the
 * key may be a newer job's, which this one must leave alone. Where Go died between the two, the key ends after a day.
 */
function changesOfGos({ unique, recovered }: JobDocument): JobChanges {
  const _recovered = Math.max(recovered, Math.min(recovered + 1, POISON_RECOVERIES - 1));
  return unique ? { _recovered, ...CLAIMED } : { _recovered };
}

export const FINISHED_BY_GO =
  'a pool of gocraft/work that has stopped left it in progress, as it does with jobs unique by key; by its count of running jobs ' +
  'it had ended. Put it back if it must run again';

/** Go leaves entries of such jobs behind, for it removes other bytes than it took. */
export function isUniqueByKey(bytes: Buffer): boolean {
  return decoded(bytes)?.uniqueKey !== undefined;
}

function decoded(bytes: Buffer): JobDocument | undefined {
  try {
    return decodeJob(bytes);
  } catch (error) {
    if (error instanceof UndecodableJobError) return undefined;
    throw error;
  }
}

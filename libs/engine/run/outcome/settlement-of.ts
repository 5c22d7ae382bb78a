import { encodeQuarantined, spliceJob, tickIdOf, type EpochSeconds } from '#protocol';
import { GIVEN_BACK, type Settlement } from '#store';
import { attemptRecord } from './attempt-record.js';
import type { JobFailure, JobOutcome } from './job-outcome.js';

/** What a settlement names besides the outcome. */
export interface SettledEntry {
  /** As in the in-progress list. */
  readonly bytes: Buffer;
  /** Redis key of the queue it came from. */
  readonly queueKey: string;
  readonly jobId: string;
  readonly poolId: string;
  readonly host?: string;
  readonly now: EpochSeconds;
}

export const SETTLED_SUCCESS: Settlement = Object.freeze({ kind: 'succeeded' });
const DISCARDED: Settlement = Object.freeze({ kind: 'discarded' });

/** What is written for an outcome. */
export function settlementOf(outcome: JobOutcome, entry: SettledEntry): Settlement {
  switch (outcome.kind) {
    case 'succeeded':
      return SETTLED_SUCCESS;
    case 'interrupted':
      return GIVEN_BACK;
    case 'cancelled':
      return DISCARDED;
    case 'discarded':
      return { kind: 'discarded', attempt: attemptOf(outcome.failure, entry) };
    case 'snoozed':
      return {
        kind: 'scheduled',
        score: putOff(outcome.runAt, entry),
        bytes: spliceJob(entry.bytes, { _recovered: null }),
      };
    case 'retry':
      return failed('retry', outcome.runAt, outcome.failure, entry);
    case 'dead':
      return failed('dead', outcome.failure.at, outcome.failure, entry);
    case 'quarantined':
      return { kind: 'quarantined', entry: quarantined(outcome.reason, entry) };
  }
}

/** At the very second that its id names, a periodic tick would pass for one that has fired before, and be dropped. */
function putOff(runAt: EpochSeconds, { jobId: id }: SettledEntry): EpochSeconds {
  return tickIdOf({ id, fails: 0 }, runAt) === undefined ? runAt : runAt + 1;
}

/** An attempt that ended, well or not, shows that the job does not kill its process: its recoveries are forgotten. */
function failed(kind: 'retry' | 'dead', score: EpochSeconds, failure: JobFailure, entry: SettledEntry): Settlement {
  const { fails, text: err, at: failed_at } = failure;
  const bytes = spliceJob(entry.bytes, { fails, err, failed_at, _recovered: null });
  return { kind, score, bytes, attempt: attemptOf(failure, entry) };
}

function attemptOf(failure: JobFailure, { jobId, poolId, host }: SettledEntry) {
  return attemptRecord({ jobId, attempt: failure.fails, at: failure.at, poolId, host }, failure.error);
}

function quarantined(reason: string, { queueKey, now, bytes }: SettledEntry): Buffer {
  return encodeQuarantined({ reason, from: queueKey, at: now }, bytes);
}

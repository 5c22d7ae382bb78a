import { defaultBackoff, MAX_BACKOFF_SECONDS, type EpochSeconds, type JobDocument } from '#protocol';
import { bounded, failureText } from './error-text.js';
import { CancelError, SnoozeError } from './job-signals.js';
import type { JobType } from '../job-types.js';
import { UnrecoverableError } from './unrecoverable-error.js';

/** How a run ended, as a value. */
export type JobOutcome =
  | { readonly kind: 'succeeded' }
  /** Failed; runs again at `runAt`. */
  | { readonly kind: 'retry'; readonly runAt: EpochSeconds; readonly failure: JobFailure }
  /** Failed for good; kept in the dead set. */
  | { readonly kind: 'dead'; readonly failure: JobFailure }
  /** Failed for good; dropped, since its type has `skipDead`. */
  | { readonly kind: 'discarded'; readonly failure: JobFailure }
  /** Waits in the scheduled set, no attempt spent. */
  | { readonly kind: 'snoozed'; readonly runAt: EpochSeconds }
  | { readonly kind: 'cancelled'; readonly reason: string }
  /** Could not end in time or never began; goes back to its queue, no attempt spent. */
  | { readonly kind: 'interrupted' }
  /** No pool could ever run it; set aside with the reason. */
  | { readonly kind: 'quarantined'; readonly reason: string };

/** A failed attempt. */
export interface JobFailure {
  /** As it was thrown. */
  readonly error: unknown;
  /** What is stored as the job's last error, with what caused it; empty where the error has no text. */
  readonly text: string;
  /** Failed attempts, this one included. */
  readonly fails: number;
  readonly at: EpochSeconds;
}

export interface FailedRun {
  readonly error: unknown;
  readonly document: JobDocument;
  readonly type: JobType;
  readonly nowMs: number;
  /** At least 0 and less than 1. */
  readonly random: () => number;
  /** Told what is wrong with a type's own backoff, which then counts as not given. */
  readonly onBadBackoff: (problem: unknown) => void;
}

export const SUCCEEDED: JobOutcome = Object.freeze({ kind: 'succeeded' });
export const INTERRUPTED: JobOutcome = Object.freeze({ kind: 'interrupted' });

const MAX_ERROR_BYTES = 16 * 1024;

/** What becomes of a job whose run threw. */
export function outcomeOfFailure(run: FailedRun): JobOutcome {
  const { document, type, nowMs } = run;
  const error = readable(run.error);
  if (error instanceof SnoozeError) return { kind: 'snoozed', runAt: Math.ceil(nowMs / 1000 + error.delaySeconds) };
  if (error instanceof CancelError) return { kind: 'cancelled', reason: error.reason };
  const text = bounded(failureText(error), MAX_ERROR_BYTES);
  const failure: JobFailure = { error, text, fails: document.fails + 1, at: Math.floor(nowMs / 1000) };
  const triesLeft = failure.fails < type.maxFails && !(error instanceof UnrecoverableError);
  if (triesLeft) return { kind: 'retry', runAt: failure.at + backoffSeconds(run, failure), failure };
  return { kind: type.skipDead ? 'discarded' : 'dead', failure };
}

/** A thrown proxy may throw again when it is only looked at. */
function readable(thrown: unknown): unknown {
  try {
    void (thrown instanceof Error);
    return thrown;
  } catch {
    return new Error('an error that cannot be read');
  }
}

function backoffSeconds(run: FailedRun, failure: JobFailure): number {
  if (run.type.backoff) {
    try {
      const { fails, text: err, at: failedAt } = failure;
      const seconds: unknown = run.type.backoff({ ...run.document, fails, err, failedAt });
      if (isUsableBackoff(seconds)) return Math.ceil(seconds);
      run.onBadBackoff(seconds);
    } catch (error) {
      run.onBadBackoff(error);
    }
  }
  return defaultBackoff(failure.fails, run.random);
}

/** A longer wait is a mistake of unit, and the job would never be seen again. */
function isUsableBackoff(seconds: unknown): seconds is number {
  return typeof seconds === 'number' && Math.abs(seconds) <= MAX_BACKOFF_SECONDS;
}

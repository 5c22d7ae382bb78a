import type { AttemptRecord } from '#store';
import { errorStack } from './error-stack.js';
import { bounded, errorText, isError } from './error-text.js';

/** A failed attempt as it is kept, oldest first, in the list of a job's attempts: one JSON object each. */
export interface FailedAttempt {
  /** 1 = the first run. */
  readonly attempt: number;
  /** Epoch seconds. */
  readonly at: number;
  readonly error: { readonly name: string; readonly message: string; readonly stack?: string };
  readonly poolId: string;
  readonly host?: string;
}

const MAX_MESSAGE_BYTES = 4 * 1024;
const MAX_STACK_BYTES = 12 * 1024;

/** Where and when an attempt failed. */
export interface AttemptPlace {
  readonly jobId: string;
  readonly attempt: number;
  readonly at: number;
  readonly poolId: string;
  readonly host?: string;
}

export function attemptRecord(place: AttemptPlace, thrown: unknown): AttemptRecord {
  const { jobId, attempt, at, poolId, host } = place;
  const record: FailedAttempt = { attempt, at, error: describe(thrown), poolId, ...(host !== undefined && { host }) };
  return { jobId, line: JSON.stringify(record) };
}

function describe(thrown: unknown): FailedAttempt['error'] {
  const message = bounded(errorText(thrown), MAX_MESSAGE_BYTES);
  const stack = errorStack(thrown);
  return { name: nameOf(thrown), message, ...(stack && { stack: bounded(stack, MAX_STACK_BYTES) }) };
}

function nameOf(thrown: unknown): string {
  try {
    return isError(thrown) ? bounded(String(thrown.name), 256) : typeof thrown;
  } catch {
    return 'Error';
  }
}

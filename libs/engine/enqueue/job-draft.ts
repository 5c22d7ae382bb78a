import { encodeNewJob, type EpochSeconds, type GoJsonOptions } from '#protocol';
import type { JobWrite } from '#store';
import { InvalidRunAtError } from './enqueue-errors.js';
import type { EnqueuedJob, ScheduledJob } from './enqueued-job.js';

/** When a job is to run: so many seconds after the call, or at a time in milliseconds since the epoch. */
export type RunTime = { readonly inSeconds: number } | { readonly atMs: number };

/** A job that is checked and encoded but for its times, which are known when Redis' clock is. */
export interface JobDraft {
  readonly id: string;
  readonly name: string;
  readonly argsJson: string;
  readonly runTime?: RunTime | undefined;
  readonly unique?: JobWrite['unique'];
}

export interface FinishedDraft {
  readonly write: JobWrite;
  readonly job: EnqueuedJob | ScheduledJob;
}

/** `calledAtMs` is when the caller called, by Redis' clock. */
export function finishDraft(draft: JobDraft, calledAtMs: number, options: GoJsonOptions): FinishedDraft {
  const { id, name, argsJson, unique, runTime } = draft;
  const t = Math.floor(calledAtMs / 1000);
  const bytes = encodeNewJob({ id, name, t, argsJson, uniqueKey: unique?.key }, options);
  const job = { id, name, enqueuedAt: new Date(t * 1000) };
  if (!runTime) return { write: { jobName: name, bytes, unique }, job };
  const runAt = runAtSeconds(name, runTime, calledAtMs);
  return { write: { jobName: name, bytes, runAt, unique }, job: { ...job, runAt: new Date(runAt * 1000) } };
}

/**
 * The wire knows whole seconds only: rounded up, so that no job runs early; what is due already stays due.
 *
 * @throws InvalidRunAtError
 */
export function runAtSeconds(jobName: string, runTime: RunTime, calledAtMs: number): EpochSeconds {
  const atMs = 'atMs' in runTime ? runTime.atMs : calledAtMs + runTime.inSeconds * 1000;
  const seconds = atMs <= calledAtMs ? Math.floor(atMs / 1000) : Math.ceil(atMs / 1000);
  if (Number.isNaN(new Date(seconds * 1000).getTime())) throw new InvalidRunAtError(jobName, atMs);
  return seconds;
}

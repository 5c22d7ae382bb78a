import { InvalidArgumentsError } from '#protocol';
import { errorStack, type JobFailure, type WorkEvent } from '#engine';
import { jobLabel, type LogLine } from './log-line.js';

type JobFinished = Extract<WorkEvent, { type: 'job_finished' }>;

/**
 * How a job ended, where that is worth a line. A failed attempt is one line, so that an outage does not drown the log: its
 * stack goes to `debug`, and beside the line of the last attempt.
 */
export function outcomeLine(event: JobFinished): LogLine | undefined {
  const { job, jobId, outcome } = event;
  const named = jobLabel(job, jobId);
  switch (outcome.kind) {
    case 'retry': {
      const { runAt, failure } = outcome;
      return { level: 'warn', ...failed(event, `runs again ${fromNow(runAt - failure.at)}`, failure) };
    }
    case 'dead':
      return { level: 'error', ...failed(event, 'went to the dead set', outcome.failure) };
    case 'discarded':
      return { level: 'error', ...failed(event, 'was dropped', outcome.failure) };
    case 'cancelled':
      return { level: 'log', message: `${named} cancelled itself: ${outcome.reason}` };
    case 'interrupted':
      return { level: 'warn', message: `${named} was interrupted and goes back to its queue, with no attempt spent.` };
    default:
      return undefined;
  }
}

function failed({ job, jobId, attempt, maxFails }: JobFinished, end: string, { error, text }: JobFailure) {
  return {
    message: `${jobLabel(job, jobId)} failed in attempt ${attempt} of ${maxFails} and ${end}: ${oneLine(text) || 'an error without a message'}`,
    stack: stackOf(error),
  };
}

/** Where arguments were refused only this package was at work: what it says is all there is. */
function stackOf(error: unknown): string | undefined {
  const { cause } = (error ?? {}) as { cause?: unknown };
  const isRefusal = [error, cause].some((each) => each instanceof InvalidArgumentsError);
  return isRefusal ? undefined : errorStack(error) || undefined;
}

function oneLine(text: string): string {
  return text.trim().replaceAll(/\s*\n\s*/g, ' ');
}

const UNITS = [
  [86_400, 'd'],
  [3_600, 'h'],
  [60, 'min'],
] as const;

/** In the largest unit of which it is at least two. */
function fromNow(seconds: number): string {
  if (seconds <= 0) return 'at once';
  const [size, unit] = UNITS.find(([each]) => seconds >= 2 * each) ?? [1, 's'];
  return `in ${Math.round(seconds / size)} ${unit}`;
}

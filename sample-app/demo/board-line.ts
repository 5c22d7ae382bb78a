import type { JobOutcome, WorkEvent } from 'nestjs-work';

export type JobFinished = Extract<WorkEvent, { type: 'job_finished' }>;
export type Mark = '→' | '·' | '✔' | '↻' | '✘';

const RED = 31;
const GREEN = 32;
const YELLOW = 33;
const COLOURS: Readonly<Partial<Record<Mark, number>>> = { '✔': GREEN, '↻': YELLOW, '✘': RED };
const MARKS: Readonly<Partial<Record<JobOutcome['kind'], Mark>>> = { succeeded: '✔', retry: '↻', dead: '✘' };

/** Enough of an id to tell the jobs of one screen apart. */
const ID_WIDTH = 8;
const NAME_WIDTH = 15;

export interface BoardLine {
  readonly mark: Mark;
  readonly job: string;
  readonly jobId: string;
  readonly text: string;
}

/** One line in columns: time, mark, job, the beginning of its id, text. */
export function boardLine({ mark, job, jobId, text }: BoardLine, hasColours: boolean): string {
  const colour = hasColours ? COLOURS[mark] : undefined;
  const sign = colour === undefined ? mark : `\x1b[${colour}m${mark}\x1b[0m`;
  const id = jobId.slice(0, ID_WIDTH).padEnd(ID_WIDTH);
  return `${clockTime(new Date())}  ${sign} ${job.padEnd(NAME_WIDTH)}  ${id}  ${text}`;
}

export function lineOfFate({ job, jobId, attempt, outcome, durationMs }: JobFinished): BoardLine {
  const after = ` in ${Math.round(durationMs)} ms`;
  return { mark: MARKS[outcome.kind] ?? '·', job, jobId, text: `attempt ${attempt} ${textOfFate(outcome, after)}` };
}

function textOfFate(outcome: JobOutcome, after: string): string {
  switch (outcome.kind) {
    case 'retry':
      return `failed${after}, next one at ${clockTime(epochDate(outcome.runAt))}: ${outcome.failure.text}`;
    case 'dead':
      return `failed${after}, kept in the dead set: ${outcome.failure.text}`;
    default:
      return `${outcome.kind}${after}`;
  }
}

const epochDate = (seconds: number): Date => new Date(seconds * 1000);

/** Hours, minutes and seconds of the local time. */
function clockTime(time: Date): string {
  return time.toTimeString().slice(0, 8);
}

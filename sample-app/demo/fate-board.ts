import type { JobOutcome, WorkEvent } from 'nestjs-work';

type Fate = JobOutcome['kind'];
type JobFinished = Extract<WorkEvent, { type: 'job_finished' }>;

/** What is expected of one job, or of one periodic job by its name. */
export interface Expectation {
  readonly what: string;
  readonly matches: (event: JobFinished) => boolean;
  readonly fate: Fate;
}

const MARKS: Partial<Record<Fate, string>> = { succeeded: '✔', retry: '↻', dead: '✘' };

/** Shows each job's fate as it happens, and holds it against what was expected. */
export class FateBoard {
  readonly #open = new Set<Expectation>();
  readonly #wrong: string[] = [];
  #allMet: () => void = () => undefined;
  /** Resolves when every expected job has met a final fate. */
  readonly settled = new Promise<void>((resolve) => (this.#allMet = resolve));

  constructor(private readonly print: (line: string) => void) {}

  get problems(): readonly string[] {
    return [...this.#wrong, ...[...this.#open].map(({ what, fate }) => `${what}: expected ${fate}, did not end`)];
  }

  expect(expectation: Expectation): void {
    this.#open.add(expectation);
  }

  readonly take = (event: WorkEvent): void => {
    if (event.type === 'warning') this.print(`! ${event.message}`);
    if (event.type !== 'job_finished') return;
    this.print(lineOf(event));
    if (event.outcome.kind !== 'retry') this.#meet(event);
  };

  #meet(event: JobFinished): void {
    const met = [...this.#open].find((expectation) => expectation.matches(event));
    if (!met) return;
    this.#open.delete(met);
    const { kind } = event.outcome;
    if (kind !== met.fate) this.#wrong.push(`${met.what}: expected ${met.fate}, was ${kind}`);
    if (this.#open.size === 0) this.#allMet();
  }
}

function lineOf({ job, jobId, attempt, outcome, durationMs }: JobFinished): string {
  const head = `${MARKS[outcome.kind] ?? '·'} ${job.padEnd(16)} ${jobId.slice(0, 24).padEnd(24)}`;
  return `${head} attempt ${attempt}: ${fateOf(outcome)} (${Math.round(durationMs)} ms)`;
}

function fateOf(outcome: JobOutcome): string {
  if (outcome.kind === 'retry') return `failed, again at ${clockTime(outcome.runAt)} (${outcome.failure.text})`;
  if (outcome.kind === 'dead') return `failed for good, kept in the dead set (${outcome.failure.text})`;
  return outcome.kind;
}

function clockTime(epochSeconds: number): string {
  return new Date(epochSeconds * 1000).toTimeString().slice(0, 8);
}

import type { JobOutcome, WorkEvent } from 'nestjs-work';
import { EventEmitter, once } from 'node:events';
import { boardLine, lineOfFate, type BoardLine, type JobFinished } from './board-line.js';

type Fate = JobOutcome['kind'];

/** What is expected of one job, or of one periodic job by its name. */
export interface Expectation {
  readonly what: string;
  readonly matches: (event: JobFinished) => boolean;
  readonly fate: Fate;
}

/** A job for the board to announce: `enqueue` resolves with its id. */
export interface Announcement {
  readonly job: string;
  readonly text: string;
  readonly fate: Fate;
  readonly enqueue: () => Promise<string>;
}

export interface AnnouncedJob {
  readonly id: string;
  /** Has it not met its fate yet? */
  isOpen(): boolean;
}

/** After these a job runs again. */
const NOT_FINAL: ReadonlySet<Fate> = new Set(['retry', 'snoozed', 'interrupted']);

/** Shows each job's fate as it happens, and holds it against what was expected. */
export class FateBoard {
  readonly #open = new Set<Expectation>();
  readonly #wrong: string[] = [];
  readonly #changes = new EventEmitter();
  /** What happens while a job is being announced: it may run before its id is known here. */
  #held: (() => void)[] | undefined;

  constructor(
    private readonly print: (line: string) => void,
    private readonly hasColours: boolean,
  ) {}

  expect(expectation: Expectation): void {
    this.#open.add(expectation);
  }

  /** Enqueues a job, shows it, and expects its fate. */
  async announce({ job, text, fate, enqueue }: Announcement): Promise<AnnouncedJob> {
    this.#held = [];
    try {
      const id = await enqueue();
      const expectation: Expectation = { what: `${job} ${id}`, fate, matches: ({ jobId }) => jobId === id };
      this.expect(expectation);
      this.#show({ mark: '→', job, jobId: id, text });
      return { id, isOpen: () => this.#open.has(expectation) };
    } finally {
      const held = this.#held;
      this.#held = undefined;
      for (const happen of held) happen();
    }
  }

  /** Shows what a job says of itself. */
  say(job: string, jobId: string, text: string): void {
    this.#inTurn(() => this.#show({ mark: '·', job, jobId, text }));
  }

  readonly take = (event: WorkEvent): void => this.#inTurn(() => this.#take(event));

  /** Resolves when nothing that is expected is open any more; rejects when `signal` aborts. */
  async untilSettled(signal: AbortSignal): Promise<void> {
    while (this.#open.size > 0) await once(this.#changes, 'met', { signal });
  }

  /** Says whether every job met its expected fate. */
  tellVerdict(): boolean {
    const open = [...this.#open].map(({ what, fate }) => `${what}: expected ${fate}, has not ended`);
    const problems = [...this.#wrong, ...open];
    this.print(problems.length === 0 ? '\nEvery job met its expected fate.' : '');
    for (const problem of problems) this.print(`Unexpected: ${problem}`);
    return problems.length === 0;
  }

  #inTurn(happen: () => void): void {
    if (this.#held) this.#held.push(happen);
    else happen();
  }

  #show(line: BoardLine): void {
    this.print(boardLine(line, this.hasColours));
  }

  #take(event: WorkEvent): void {
    const trouble = textOfTrouble(event);
    if (trouble !== undefined) this.print(`! ${trouble}`);
    if (event.type !== 'job_finished') return;
    this.#show(lineOfFate(event));
    if (!NOT_FINAL.has(event.outcome.kind)) this.#meet(event);
  }

  #meet(event: JobFinished): void {
    const { kind } = event.outcome;
    for (const met of [...this.#open].filter((expectation) => expectation.matches(event))) {
      this.#open.delete(met);
      if (kind !== met.fate) this.#wrong.push(`${met.what}: expected ${met.fate}, was ${kind}`);
    }
    this.#changes.emit('met');
  }
}

function textOfTrouble(event: WorkEvent): string | undefined {
  switch (event.type) {
    case 'warning':
      return event.message;
    case 'redis_lost':
      return `Redis at ${event.target} is lost; jobs wait until it is back.`;
    case 'redis_back':
      return `Redis at ${event.target} is back after ${(event.downMs / 1000).toFixed(1)} s.`;
    case 'role_failed':
      return `${event.role} failed: ${String(event.error)}`;
    default:
      return undefined;
  }
}

import type { JobDocument } from '#protocol';

/** Runs one job. What it returns is not kept; what it throws, or rejects with, makes the attempt a failed one. */
export type JobHandler = (run: JobRun) => unknown;

/** What a run needs of its surroundings. */
export interface RunSurroundings {
  /** Read only when asked for: making an AbortSignal costs more than running a small job. */
  readonly signal: AbortSignal;
}

/** Where a run's progress goes. */
export interface CheckinSink {
  checkin(message: string): void;
}

/** One attempt at one job, as its handler sees it. */
export class JobRun {
  readonly #surroundings: RunSurroundings;
  readonly #checkins: CheckinSink;

  constructor(
    /** The job as it stands on the wire; `argsBytes` has integers that a JavaScript number cannot hold. */
    readonly document: JobDocument,
    /** Runs before the job is given up, this one included. */
    readonly maxFails: number,
    /** When this attempt began, in milliseconds since the epoch. */
    readonly startedAtMs: number,
    surroundings: RunSurroundings,
    checkins: CheckinSink,
  ) {
    this.#surroundings = surroundings;
    this.#checkins = checkins;
  }

  get id(): string {
    return this.document.id;
  }

  get name(): string {
    return this.document.name;
  }

  /** The arguments as JSON.parse makes them, which rounds integers beyond 2^53; null where there are none. */
  get args(): Record<string, unknown> | null {
    return this.document.args;
  }

  /** The arguments' JSON as stored, for a reader of its own. */
  get argsBytes(): Buffer {
    return this.document.argsBytes;
  }

  /** 1 at the first run of the job, 2 at its first retry. An interrupted or recovered attempt is not counted. */
  get attempt(): number {
    return this.document.fails + 1;
  }

  /** When the job came into its queue, to the second: for a retry, when it became due again. */
  get enqueuedAt(): Date {
    return new Date(this.document.t * 1000);
  }

  /** Aborts when this run must end: the grace period of a stop is over, or the pool lost the job. `reason` says which. */
  get signal(): AbortSignal {
    return this.#surroundings.signal;
  }

  /** Shows how far the job has come to whoever looks at the running jobs, within about a second. */
  checkin(message: string): void {
    this.#checkins.checkin(message);
  }
}

import type { GoPrograms } from './go-programs.js';
import { GoProcess } from './go-process.js';

/** How a run ends: well, where neither is given. */
export interface GoEnding {
  readonly fail?: string;
  readonly panic?: string;
}

/** A job type of a Go pool, and what its runs do. */
export interface GoJobType extends GoEnding {
  readonly name: string;
  readonly priority?: number;
  readonly maxFails?: number;
  readonly maxConcurrency?: number;
  readonly skipDead?: boolean;
  /** @default gocraft/work's own */
  readonly backoffSeconds?: number;
  /** Said at once by each run. */
  readonly checkin?: string;
  readonly sleepMs?: number;
  /** A run ends when `end` says so. */
  readonly wait?: boolean;
}

export interface GoPoolOptions {
  readonly jobs: readonly GoJobType[];
  /** @default 4 */
  readonly concurrency?: number;
  /** Milliseconds that an idle worker sleeps, in turn; master only. @default [10]: it asks 100 times a second */
  readonly sleepBackoffs?: readonly number[];
  readonly periodic?: readonly { readonly spec: string; readonly name: string }[];
  /** Starts and ends of runs are counted in hashes of this name and `:start`, `:end`, by the id of their job, not told. */
  readonly countIn?: string;
  /** Where it finds Redis. @default where all do */
  readonly redis?: string;
}

/** The start or the end of a run in a Go pool. */
export interface GoRun {
  readonly event: 'start' | 'end';
  readonly id: string;
  readonly name: string;
  readonly t: number;
  /** As the Go handler has them, encoded again. */
  readonly args: Readonly<Record<string, unknown>> | null;
  readonly fails: number;
  readonly atMs: number;
}

interface GoPoolEvent {
  readonly event: 'started' | 'drained' | 'stopped';
  readonly poolId: string;
}

/** gocraft/work's WorkerPool. */
export class GoWorker extends GoProcess<GoRun | GoPoolEvent> {
  #drains = 0;

  constructor(
    programs: GoPrograms,
    place: { readonly redis: string; readonly namespace: string },
    options: GoPoolOptions,
  ) {
    super(programs, 'worker', { concurrency: 4, sleepBackoffs: [10], ...place, ...options });
  }

  isStarted(): Promise<unknown> {
    return this.#pool('started');
  }

  get poolId(): string {
    return this.lines.find((line) => !isRun(line))!.poolId;
  }

  /** Starts and ends of runs so far. */
  get runs(): readonly GoRun[] {
    return this.lines.filter(isRun);
  }

  get starts(): readonly GoRun[] {
    return this.runs.filter(({ event }) => event === 'start');
  }

  get ends(): readonly GoRun[] {
    return this.runs.filter(({ event }) => event === 'end');
  }

  /** The `number`th start of a run of this job. */
  started(id: string, number = 1, withinMs?: number): Promise<GoRun> {
    return this.lineOf<GoRun>('start', id, number, withinMs);
  }

  ended(id: string, number = 1): Promise<GoRun> {
    return this.lineOf<GoRun>('end', id, number);
  }

  /** Ends a run that waits. */
  end(id: string, how: GoEnding = {}): void {
    this.send(JSON.stringify({ do: 'end', id, ...how }));
  }

  /** Wakes its workers; resolves when each has found nothing to do. */
  async drain(): Promise<void> {
    this.#drains += 1;
    this.send(JSON.stringify({ do: 'drain' }));
    await this.#pool('drained', this.#drains);
  }

  /** Resolves when it has let its jobs end, and is gone. */
  async stop(): Promise<void> {
    this.send(JSON.stringify({ do: 'stop' }));
    await this.#pool('stopped');
    await this.exit();
  }

  #pool(event: GoPoolEvent['event'], number = 1): Promise<unknown> {
    return this.until(event, (lines) => lines.filter((line) => line.event === event)[number - 1]);
  }
}

function isRun(line: GoRun | GoPoolEvent): line is GoRun {
  return line.event === 'start' || line.event === 'end';
}

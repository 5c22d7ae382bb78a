import type { CompiledSources } from '../../support/compiled-sources.js';
import { LineProcess } from './line-process.js';

/** A job type of a pool of ours in a process of its own, and what its runs do. */
export interface OurJobType {
  readonly name: string;
  readonly maxConcurrency?: number;
  readonly sleepMs?: number;
  /** A run ends when `end` says so. */
  readonly wait?: boolean;
}

export interface OurWorkerOptions {
  readonly jobs: readonly OurJobType[];
  /** @default 4 */
  readonly concurrency?: number;
  /** Starts and ends of runs are counted in hashes of this name and `:start`, `:end`, by the id of their job, not told. */
  readonly countIn?: string;
}

/** What the program is given as its one argument. */
export interface OurWorkerSettings extends OurWorkerOptions {
  readonly concurrency: number;
  readonly redis: string;
  readonly namespace: string;
}

interface Run {
  readonly event: 'start' | 'end';
  readonly id: string;
  readonly name: string;
}

/** A job was taken from it while it ran. */
interface Lost {
  readonly event: 'lost';
  readonly poolId: string;
  readonly id: string;
}

/** It found another pool dead. */
interface Reaped {
  readonly event: 'reaped';
  readonly poolId: string;
  /** Jobs that it brought back. */
  readonly recovered: number;
}

type Line =
  | Run
  | Lost
  | Reaped
  | { readonly event: 'started' | 'stopped'; readonly poolId: string }
  /** It was taken for dead, and goes on under another id. */
  | { readonly event: 'fenced'; readonly poolId: string; readonly newPoolId: string };

const START_MS = 60_000;

/** A WorkerPool of ours in a process of its own: to be killed, or put to sleep. */
export class OurWorker extends LineProcess<Line> {
  constructor(
    sources: CompiledSources,
    place: Pick<OurWorkerSettings, 'redis' | 'namespace'>,
    options: OurWorkerOptions,
  ) {
    const settings: OurWorkerSettings = { concurrency: 4, ...place, ...options };
    super({
      command: process.execPath,
      args: [sources.file('test/interop/processes/run-our-pool.ts'), JSON.stringify(settings)],
      title: 'worker of ours',
    });
  }

  /** On a machine that is busy. */
  isStarted(): Promise<string> {
    return this.until(
      'started',
      () => this.lines.flatMap((line) => (line.event === 'started' ? line.poolId : []))[0],
      START_MS,
    );
  }

  /** Jobs of dead pools that it has brought back so far. */
  get recovered(): number {
    return this.lines.reduce((sum, line) => sum + (line.event === 'reaped' ? line.recovered : 0), 0);
  }

  /** The `number`th start of a run of this job. */
  started(id: string, number = 1): Promise<Run> {
    return this.lineOf<Run>('start', id, number);
  }

  ended(id: string): Promise<Run> {
    return this.lineOf<Run>('end', id, 1);
  }

  /** It knows that the job was taken from it. */
  lost(id: string): Promise<Lost> {
    return this.lineOf<Lost>('lost', id, 1);
  }

  /** Under which id it goes on after it was taken for dead. */
  fenced(): Promise<string> {
    return this.until('fenced', () => this.lines.flatMap((line) => (line.event === 'fenced' ? line.newPoolId : []))[0]);
  }

  /** Ends a run that waits: well, where no text is given with which it fails. */
  end(id: string, fail?: string): void {
    this.send(JSON.stringify({ do: 'end', id, fail }));
  }

  /** Resolves when it has let its jobs end, and is gone. */
  async stop(): Promise<void> {
    this.send(JSON.stringify({ do: 'stop' }));
    await this.until('stopped', () => this.lines.find(({ event }) => event === 'stopped'));
    await this.exit();
  }
}

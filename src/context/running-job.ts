import { Logger, type LoggerService } from '@nestjs/common';
import type { JobRun } from '#engine';
import { JobContext } from './job-context.js';

/** The context of one run of one job. */
export class RunningJob extends JobContext {
  readonly #run: JobRun;
  #log: LoggerService | undefined;

  constructor(run: JobRun) {
    super();
    this.#run = run;
  }

  /** Hidden from handlers: they get a JobContext. */
  static runOf(job: RunningJob): JobRun {
    return job.#run;
  }

  get id(): string {
    return this.#run.id;
  }

  get name(): string {
    return this.#run.name;
  }

  get args(): unknown {
    return this.#run.args;
  }

  get argsJson(): string {
    return this.#run.argsBytes.toString();
  }

  get attempt(): number {
    return this.#run.attempt;
  }

  get maxFails(): number {
    return this.#run.maxFails;
  }

  get enqueuedAt(): Date {
    return this.#run.enqueuedAt;
  }

  get signal(): AbortSignal {
    return this.#run.signal;
  }

  get log(): LoggerService {
    return (this.#log ??= new Logger(`${this.name} ${this.id}`));
  }

  checkin(message: string): void {
    this.#run.checkin(message);
  }
}

import { PeriodicSpec, quoted } from '#protocol';
import type { JobTypeRegistry } from '../run/index.js';
import type { PeriodicJob } from '../time/index.js';
import { PoolStateError } from './pool-errors.js';

/** How a schedule is read. */
export interface PeriodicOptions {
  /**
   * IANA name of the time zone, for example "Europe/Berlin".
   *
   * @default that of the process, with a warning where it is not UTC
   */
  readonly timezone?: string | undefined;
}

/** The periodic jobs that a pool was given, each checked when it is. */
export class PeriodicRegistry {
  readonly #jobs: PeriodicJob[] = [];

  /** @throws InvalidCronError */
  add(expression: string, jobName: string, { timezone }: PeriodicOptions): void {
    new PeriodicSpec(expression, { jobName, timezone });
    this.#jobs.push({ jobName, expression, timezone });
  }

  /** @throws PoolStateError naming a job that has a schedule and no handler */
  jobs(jobTypes: JobTypeRegistry): readonly PeriodicJob[] {
    for (const { jobName } of this.#jobs)
      if (!jobTypes.get(jobName))
        throw new PoolStateError(
          `Job ${quoted(jobName)} is to be enqueued periodically, but has no handler. Declare it with job().`,
        );
    return [...this.#jobs];
  }
}

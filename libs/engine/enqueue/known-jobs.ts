import type { JobWrite } from '#store';
import { UnknownJobError } from './enqueue-errors.js';
import type { JobKnowledge } from './enqueuer-options.js';

const ADVICE = 'Check its name, or start the service that runs it first.';

/** What an enqueuer knows of the jobs that may be enqueued; of all others Redis is asked with the call that would write them. */
export class KnownJobs {
  readonly #confirmed = new Set<string>();

  constructor(
    private readonly namespace: string,
    private readonly knowledge: JobKnowledge | undefined,
  ) {}

  /** None where every job is accepted. */
  get isKnown(): ((jobName: string) => boolean) | undefined {
    const { knowledge } = this;
    return knowledge && ((jobName) => this.#confirmed.has(jobName) || knowledge.has(jobName));
  }

  /** These were written, so that the namespace knows them. */
  confirm(writes: readonly JobWrite[]): void {
    if (this.knowledge) for (const { jobName } of writes) this.#confirmed.add(jobName);
  }

  refusalOf(jobName: string): UnknownJobError {
    return new UnknownJobError(jobName, this.namespace, this.knowledge?.advice?.(jobName) ?? ADVICE);
  }
}

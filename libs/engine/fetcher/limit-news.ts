import type { ForeignLimit } from '#store';
import type { Report } from '../events.js';

/** Tells of limits that pools of gocraft/work have changed: each time of one set again, and once of another in its place. */
export class LimitNews {
  readonly #told = new Map<string, number>();

  constructor(private readonly report: Report) {}

  found(limits: readonly ForeignLimit[]): void {
    for (const limit of limits) this.#found(limit);
  }

  #found({ queueName: jobName, inForce, ours }: ForeignLimit): void {
    const told = this.#told.get(jobName);
    this.#told.set(jobName, inForce);
    if (inForce === ours) this.report({ type: 'limit_restored', jobName, maxConcurrency: ours });
    else if (told !== inForce) this.report({ type: 'limit_overridden', jobName, maxConcurrency: inForce, ours });
  }
}

import type { Report, WorkEvent } from '#engine';

/**
 * What happens in one instance, as values: jobs that start and end, Redis lost and back, pools. For metrics and tests; the
 * log tells what a person must know anyway.
 *
 * @example
 * events.subscribe((event) => {
 *   if (event.type === 'job_finished') counter.inc({ job: event.job, outcome: event.outcome.kind });
 * });
 */
export class WorkEvents {
  readonly #listeners = new Set<Report>();
  readonly #onListenerError: (error: unknown) => void;

  constructor(onListenerError: (error: unknown) => void) {
    this.#onListenerError = onListenerError;
  }

  /**
   * Calls `listener` with each event, in the middle of the engine's own work: it must be short. What it throws is logged.
   *
   * @returns a function that ends the subscription
   */
  subscribe(listener: Report): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Hidden from users by the type under which it is injected: tells all listeners. */
  static tell(events: WorkEvents, event: WorkEvent): void {
    for (const listener of events.#listeners) {
      try {
        listener(event);
      } catch (error) {
        events.#onListenerError(error);
      }
    }
  }
}

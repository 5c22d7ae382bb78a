import { JobNotStartedError, type HeldEntry } from '../../run/index.js';
import { JobInterruptedError, type Interruption } from './job-interrupted-error.js';

/** What a held job asks of its fetcher. */
export interface JobHolder {
  pass<T>(claim: () => Promise<T>): Promise<T>;
  aside(job: HeldJob, wait: () => Promise<void>): Promise<void>;
}

/**
 * - `ahead`: waits here for a slot
 * - `running`: its handler runs, or is about to
 * - `ended`: its outcome waits to be settled
 * - `released`: its entry is gone, or was given back while it runs; its outcome, if one comes, is dropped
 */
export type HeldJobState = 'ahead' | 'running' | 'ended' | 'released';

/** A job whose entry stands in an in-progress list of this pool. */
export class HeldJob implements HeldEntry {
  /** Owner: JobLedger. */
  state: HeldJobState = 'ahead';
  #bytes: Buffer;
  #abort: AbortController | undefined;
  #interruption: Interruption | undefined;
  #claiming = 0;

  constructor(
    readonly queueName: string,
    bytes: Buffer,
    readonly poolId: string,
    /** Monotonic. */
    readonly heldSinceMs: number,
    private readonly holder: JobHolder,
  ) {
    this.#bytes = bytes;
  }

  get bytes(): Buffer {
    return this.#bytes;
  }

  /** Made when first asked for: an AbortController costs more than a small job. */
  get signal(): AbortSignal {
    if (!this.#abort) {
      this.#abort = new AbortController();
      if (this.#interruption) this.#abort.abort(this.#reason(this.#interruption));
    }
    return this.#abort.signal;
  }

  get interruption(): Interruption | undefined {
    return this.#interruption;
  }

  get isClaiming(): boolean {
    return this.#claiming > 0;
  }

  interrupt(interruption: Interruption): void {
    if (this.#interruption) return;
    this.#interruption = interruption;
    this.#abort?.abort(this.#reason(interruption));
  }

  /** @throws JobNotStartedError where the entry is not this pool's any more */
  async claim(replace: () => Promise<Buffer>): Promise<void> {
    await this.holder.pass(async () => {
      if (this.state !== 'running') throw new JobNotStartedError('its pool lost it');
      this.#claiming += 1;
      try {
        this.#bytes = await replace();
      } finally {
        this.#claiming -= 1;
      }
    });
  }

  aside(wait: () => Promise<void>): Promise<void> {
    return this.holder.aside(this, wait);
  }

  #reason(interruption: Interruption): JobInterruptedError {
    return new JobInterruptedError(interruption, this.queueName);
  }
}

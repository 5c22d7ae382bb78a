import type { Settle, Settlement } from '#store';
import type { HeldJob } from './held-job.js';

const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 5_000;

/** What becomes of a held job, until Redis has confirmed it. */
export class HeldOutcome implements Settle {
  #refusals = 0;
  #notBeforeMs = 0;

  constructor(
    readonly job: HeldJob,
    readonly settlement: Settlement,
  ) {}

  get queueName(): string {
    return this.job.queueName;
  }

  get bytes(): Buffer {
    return this.job.bytes;
  }

  /** What a call carries besides the entry: about its size in bytes. */
  get size(): number {
    const { settlement } = this;
    const moved = 'bytes' in settlement ? settlement.bytes : 'entry' in settlement ? settlement.entry : undefined;
    return this.bytes.length + (moved?.length ?? 0) + (settlement.attempt?.line.length ?? 0);
  }

  /** Its place refused it at least once (it is not what it should be): the entry is in progress still. */
  get isRefused(): boolean {
    return this.#refusals > 0;
  }

  get notBeforeMs(): number {
    return this.#notBeforeMs;
  }

  refused(nowMs: number): void {
    this.#notBeforeMs = nowMs + Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** this.#refusals);
    this.#refusals = Math.min(this.#refusals + 1, 20);
  }
}

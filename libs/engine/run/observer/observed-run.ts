import type { JobDocument } from '#protocol';
import type { CheckinSink } from '../job-run.js';

export interface Checkin {
  readonly text: string;
  /** Epoch seconds. */
  readonly at: number;
}

/** A worker's record in Redis. */
export interface WorkerSlot {
  readonly workerId: string;
  run: ObservedRun | undefined;
  /** Rises with each change; Redis has the record of `written`. */
  version: number;
  written: number;
  writtenAtMs: number;
}

/**
 * One running job as the observer keeps it. It knows its own place in the list of those that run: a map of objects costs
 * a microsecond per job.
 */
export class ObservedRun implements CheckinSink {
  /** -1 when it is over. Owner, of all three: WorkerSlots. */
  place = -1;
  latest: Checkin | undefined;
  slot: WorkerSlot | undefined;

  constructor(
    readonly document: JobDocument,
    readonly startedAtMs: number,
    private readonly observer: { checkedIn(run: ObservedRun, message: string): void },
  ) {}

  checkin(message: string): void {
    this.observer.checkedIn(this, message);
  }
}

import { decodeJob, UndecodableJobError, type EpochSeconds, type JobDocument } from '#protocol';

/** A job on a page. */
export interface ListedJob {
  readonly kind: 'job';
  /** In a set: when it runs, is retried, or died. Undefined in a queue. Another program may have written a fraction. */
  readonly at: EpochSeconds | undefined;
  readonly job: JobDocument;
}

/** Something on a page that is no job. */
export interface UndecodableEntry {
  readonly kind: 'undecodable';
  readonly at: EpochSeconds | undefined;
  readonly reason: string;
  /** As it stands there. */
  readonly bytes: Buffer;
}

export type ListedEntry = ListedJob | UndecodableEntry;

export interface JobPage {
  /** Of all pages together. */
  readonly count: number;
  readonly jobs: readonly ListedEntry[];
}

export function listEntry(bytes: Buffer, at: EpochSeconds | undefined): ListedEntry {
  try {
    return { kind: 'job', at, job: decodeJob(bytes) };
  } catch (error) {
    if (!(error instanceof UndecodableJobError)) throw error;
    return { kind: 'undecodable', at, reason: error.reason, bytes };
  }
}

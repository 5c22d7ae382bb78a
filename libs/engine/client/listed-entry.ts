import { decodeJob, UndecodableJobError, type EpochSeconds, type JobDocument } from '#protocol';
import { aside, beginningOf } from './bytes-aside.js';
import { exactArgs } from './exact-args.js';

/** A job on a page. */
export interface ListedJob {
  readonly kind: 'job';
  /** In a set: when it runs, is retried, or died. Undefined in a queue. Another program may have written a fraction. */
  readonly at: EpochSeconds | undefined;
  /**
   * In its `args` an integer that a number would round is text of all its digits. Its `argsBytes`, the arguments as they
   * are stored, are left out of JSON and of a spread.
   */
  readonly job: JobDocument;
}

/** Something on a page that is no job. */
export interface UndecodableEntry {
  readonly kind: 'undecodable';
  readonly at: EpochSeconds | undefined;
  readonly reason: string;
  /** The beginning of it, as text. */
  readonly text: string;
  /** As it stands there. Left out of JSON and of a spread. */
  readonly bytes: Buffer;
}

/** What stands on a page. */
export type ListedEntry = ListedJob | UndecodableEntry;

/** A page of a queue or a set. */
export interface JobPage {
  /** Of all pages together. */
  readonly count: number;
  readonly jobs: readonly ListedEntry[];
}

export function listEntry(bytes: Buffer, at: EpochSeconds | undefined): ListedEntry {
  try {
    const job = decodeJob(bytes);
    return { kind: 'job', at, job: aside({ ...job, args: exactArgs(job) }, 'argsBytes', job.argsBytes) };
  } catch (error) {
    if (!(error instanceof UndecodableJobError)) throw error;
    const entry = { kind: 'undecodable' as const, at, reason: error.reason, text: beginningOf(bytes) };
    return aside(entry, 'bytes', bytes);
  }
}

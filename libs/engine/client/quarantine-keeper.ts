import {
  decodeJob,
  decodeQuarantined,
  spliceJob,
  type EpochSeconds,
  type Keyspace,
  type QuarantineNote,
} from '#protocol';
import {
  isErrorReply,
  listQuarantined,
  putBackQuarantined,
  readQuarantined,
  removeQuarantined,
  type WorkRedis,
} from '#store';
import { aside, beginningOf } from './bytes-aside.js';
import { JobNotFoundError, JobNotMovedError } from './client-errors.js';
import { firstOfPage, type Page } from './page.js';

/** Something that was set aside, because it could not be read or could not be put where it belongs. */
export interface QuarantinedJob {
  /** Names the entry: SHA-1 of the whole of it. */
  readonly digest: string;
  /** Why, from which Redis key, and when. */
  readonly note: QuarantineNote;
  /** The beginning of it, as text. */
  readonly text: string;
  /** As it was found; no more than the first 64 KB. Left out of JSON and of a spread. */
  readonly bytes: Buffer;
  /** Whether these are all of its bytes. */
  readonly isWhole: boolean;
}

/** A page of what was set aside. */
export interface QuarantinePage {
  /** Of all pages together. */
  readonly count: number;
  readonly entries: readonly QuarantinedJob[];
}

const MAX_SHOWN_BYTES = 64 * 1024;

/** Shows what was set aside, the newest first, and lets an operator decide what becomes of it. */
export class QuarantineKeeper {
  constructor(
    private readonly redis: WorkRedis,
    private readonly keyspace: Keyspace,
  ) {}

  async page(page: Page): Promise<QuarantinePage> {
    const range = { first: firstOfPage(page), count: page.size, maxBytes: MAX_SHOWN_BYTES };
    const { count, entries } = await listQuarantined(this.redis, this.keyspace, range);
    return {
      count,
      entries: entries.map(({ digest, size, beginning }) => {
        const { note, bytes } = decodeQuarantined(beginning);
        const isWhole = size <= MAX_SHOWN_BYTES;
        return aside({ digest, note, text: beginningOf(bytes), isWhole }, 'bytes', bytes);
      }),
    };
  }

  /** @throws JobNotFoundError */
  async delete(digest: string): Promise<void> {
    const isDeleted = await removeQuarantined(this.redis, this.keyspace, digest);
    if (!isDeleted) throw this.#notFound(digest, 'Nothing was deleted');
  }

  /** @throws JobNotFoundError, UndecodableJobError, JobNotMovedError */
  async putBack(digest: string, now: EpochSeconds, mended?: Buffer): Promise<void> {
    const entry = await readQuarantined(this.redis, this.keyspace, digest);
    if (!entry) throw this.#notFound(digest, 'Nothing was put back');
    const bytes = mended ?? decodeQuarantined(entry).bytes;
    const { name, id } = decodeJob(bytes);
    const isPutBack = await this.#push(digest, { name, id, bytes: spliceJob(bytes, { t: now }) });
    if (!isPutBack) throw this.#notFound(digest, 'Nothing was put back');
  }

  async #push(
    digest: string,
    job: { readonly name: string; readonly id: string; readonly bytes: Buffer },
  ): Promise<boolean> {
    try {
      return await putBackQuarantined(this.redis, this.keyspace, digest, job);
    } catch (error) {
      if (!isErrorReply(error)) throw error;
      throw new JobNotMovedError(job.id, this.keyspace.queue(job.name), error);
    }
  }

  #notFound(digest: string, what: string): JobNotFoundError {
    return new JobNotFoundError(digest, this.keyspace.ext.quarantine, what);
  }
}

import { decodeJob, type Keyspace } from '#protocol';
import { readTogether, removeEntries, type WorkRedis } from '#store';
import { JobNotFoundError } from './client-errors.js';
import { heldUniqueKeys } from './held-unique-keys.js';
import type { JobSearch } from './job-search.js';
import { listEntry, type JobPage } from './listed-entry.js';
import { firstOfPage, type Page } from './page.js';

/** The jobs that wait in the queues. */
export class WaitingJobs {
  constructor(
    private readonly redis: WorkRedis,
    private readonly keyspace: Keyspace,
    private readonly search: JobSearch,
  ) {}

  /** The next to run first. */
  async page(jobName: string, page: Page): Promise<JobPage> {
    const queue = this.keyspace.queue(jobName);
    const first = firstOfPage(page);
    const [count, reply] = await readTogether(this.redis, [
      ['LLEN', queue],
      ['LRANGE', queue, -first - page.size, -first - 1],
    ]);
    const oldestFirst = ((reply ?? []) as readonly Buffer[]).toReversed();
    return { count: Number(count ?? 0), jobs: oldestFirst.map((bytes) => listEntry(bytes, undefined)) };
  }

  /** @throws JobNotFoundError */
  async remove(jobName: string, jobId: string): Promise<void> {
    const queue = this.keyspace.queue(jobName);
    const bytes = await this.search.inQueue(jobName, jobId);
    const uniqueKeys = bytes ? heldUniqueKeys(this.keyspace, decodeJob(bytes)) : [];
    const removed = bytes ? await removeEntries(this.redis, this.keyspace, queue, [{ bytes, uniqueKeys }]) : 0;
    if (removed === 0) throw new JobNotFoundError(jobId, queue, 'Nothing was removed');
  }
}

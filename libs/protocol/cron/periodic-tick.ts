import type { EpochSeconds } from '../job/epoch-seconds.js';
import type { JobDocument } from '../job/job-document.js';

/**
 * The id of a scheduled job that is the tick of a periodic job, still to be moved for the first time; undefined for any
 * other. A tick that ran and was put off or failed waits under its id again, but not at the instant that the id names.
 */
export function tickIdOf(job: Pick<JobDocument, 'id' | 'fails'>, score: EpochSeconds): string | undefined {
  const isTick = job.fails === 0 && job.id.startsWith('periodic:') && job.id.endsWith(`:${score}`);
  return isTick ? job.id : undefined;
}

import { decodeJob } from '#protocol';
import type { WorkEvent } from '../events.js';
import type { HeldJob } from './state/held-job.js';

/** What is told of a job whose entry was taken away. */
export function lostJob({ queueName, bytes, poolId }: HeldJob): WorkEvent {
  return { type: 'job_lost', job: queueName, jobId: idOf(bytes), poolId };
}

function idOf(bytes: Buffer): string | undefined {
  try {
    return decodeJob(bytes).id;
  } catch {
    return undefined; // it was about to be set aside
  }
}

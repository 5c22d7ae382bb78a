import { encodeNewJob, spliceJob, type JobChanges } from '#protocol';
import { Client, type JobPage } from '../../libs/engine/client/index.js';
import type { TestRedis } from './test-redis.js';

/** The second of `clientOf`, which its clock is about to leave. */
export const NOW = 2_000_000_000;

export function clientOf({ redis, keyspace }: TestRedis): Client {
  return new Client({ redis, keyspace, clock: { nowMs: () => NOW * 1000 + 999, monotonicMs: () => 0 } });
}

export function job(id: string, changes: JobChanges = {}, name = 'mail'): Buffer {
  return spliceJob(encodeNewJob({ name, id, t: 5, argsJson: JSON.stringify({ id }) }), changes);
}

export function uniqueJob(id: string, uniqueKey: string, changes: JobChanges = {}): Buffer {
  return spliceJob(encodeNewJob({ name: 'mail', id, t: 5, argsJson: '{"a":1}', uniqueKey }), changes);
}

export const FAILED: JobChanges = { fails: 2, err: 'boom', failed_at: 9 };

/** `undecodable` in the place of what is no job. */
export function idsOf({ jobs }: JobPage): string[] {
  return jobs.map((entry) => (entry.kind === 'job' ? entry.job.id : entry.kind));
}

/** Puts entries where jobs stand, and tells what stands there, in the namespace of the test that runs. */
export function storedIn(test: () => TestRedis) {
  const add = (set: 'dead' | 'retry' | 'scheduled') => (score: number | string, bytes: Buffer | string) =>
    test().redis.zadd(test().keyspace[set], score, bytes);
  return {
    dead: add('dead'),
    retry: add('retry'),
    schedule: add('scheduled'),
    deadMembers: () => test().redis.zrange(test().keyspace.dead, 0, '-1'),
    queue: (name = 'mail') => test().redis.lrange(test().keyspace.queue(name), 0, '-1'),
  };
}

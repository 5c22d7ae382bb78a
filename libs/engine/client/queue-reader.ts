import { decodeJob, type Keyspace } from '#protocol';
import { readAll, readTogether, type ReadCommand, type WorkRedis } from '#store';

/** The queue of one job type. */
export interface QueueState {
  readonly jobName: string;
  /** Jobs that wait in it. */
  readonly count: number;
  /** Seconds since the next job to run was enqueued; 0 where none waits, undefined where that entry is no job. */
  readonly latencySeconds: number | undefined;
  readonly isPaused: boolean;
  /** Jobs of the type that run, over all pools. */
  readonly running: number;
  /** How many may run at once over all pools; 0 = no limit. */
  readonly maxConcurrency: number;
}

const COMMANDS_PER_QUEUE = 5;

/** Every known job type, by name. */
export async function readQueues(redis: WorkRedis, keyspace: Keyspace): Promise<QueueState[]> {
  const names = await knownJobs(redis, keyspace);
  const commands = names.flatMap((name): ReadCommand[] => [
    ['LLEN', keyspace.queue(name)],
    ['LINDEX', keyspace.queue(name), -1],
    ['EXISTS', keyspace.paused(name)],
    ['GET', keyspace.lock(name)],
    ['GET', keyspace.maxConcurrency(name)],
  ]);
  const [[time], replies] = await Promise.all([readAll(redis, 'the time', [['TIME']]), readTogether(redis, commands)]);
  const nowSeconds = Number(String((time as [Buffer, Buffer])[0]));
  return names.map((name, index) => toState(name, replies.slice(index * COMMANDS_PER_QUEUE), nowSeconds));
}

/** Names of all job types, in the order of their bytes. */
export async function knownJobs(redis: WorkRedis, keyspace: Keyspace): Promise<string[]> {
  const names = await redis.smembersBuffer(keyspace.knownJobs);
  return names.sort((a, b) => Buffer.compare(a, b)).map(String);
}

function toState(jobName: string, replies: readonly unknown[], nowSeconds: number): QueueState {
  const [count = 0, next, paused, lock, maxConcurrency] = replies;
  return {
    jobName,
    count: Number(count),
    latencySeconds: next ? latency(next as Buffer, nowSeconds) : 0,
    isPaused: paused === 1,
    running: Math.max(0, number(lock)),
    maxConcurrency: Math.max(0, number(maxConcurrency)),
  };
}

function latency(next: Buffer, nowSeconds: number): number | undefined {
  try {
    return Math.max(0, nowSeconds - decodeJob(next).t);
  } catch {
    return undefined;
  }
}

/** What is no number counts as none, as it does where jobs are fetched. */
function number(reply: unknown): number {
  return Number(Buffer.isBuffer(reply) ? reply.toString() : 0) || 0;
}

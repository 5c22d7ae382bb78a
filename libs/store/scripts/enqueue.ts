import type { Keyspace } from '#protocol';
import { groupWrites, type JobWrite } from './enqueue/job-writes.js';
import { replyError } from '../reply-error.js';
import { Script } from '../script.js';
import { sources } from './sources.generated.js';
import { timeReplyMs } from '../redis-time.js';
import type { WorkRedis } from '../work-redis.js';

const script = new Script(sources.enqueue);

/**
 * How long Redis remembers a producer's last call: longer than the longest timeout lets anyone repeat one, so that a repetition is always
 * known as such, and short enough that producers which are gone leave nothing behind.
 */
const REMEMBERED_SECONDS = 7_200;

export interface EnqueueCall {
  readonly producerId: string;
  /** Above that of this producer's call before; the same only to repeat a call whose reply was lost. */
  readonly number: number;
  /** At most 3,500. */
  readonly writes: readonly JobWrite[];
  /** Given, the call writes nothing where a name for which it is false is not among the namespace's known jobs. */
  readonly isKnown?: ((jobName: string) => boolean) | undefined;
}

/** What became of one write; an error is that of Redis about the key it would have gone to. */
export type WriteAnswer = 'written' | 'duplicate' | Error;

export interface EnqueueReply {
  /** One for each write. */
  readonly answers: readonly WriteAnswer[];
  /** Redis' clock, milliseconds since the epoch. */
  readonly redisMs: number;
}

/** Nothing was written, since nobody knows these jobs. */
export interface UnknownJobsReply {
  readonly unknownJobs: readonly string[];
}

/** @throws Redis' error reply: nothing was written. After any other error repeat the same call under the same number. */
export async function enqueue(
  redis: WorkRedis,
  keyspace: Keyspace,
  call: EnqueueCall,
): Promise<EnqueueReply | UnknownJobsReply> {
  const { keys, args, groupOf } = groupWrites(keyspace, call.writes);
  const names = [...new Set(call.writes.map(({ jobName }) => jobName))];
  const { isKnown } = call;
  const unverified = isKnown ? names.filter((name) => !isKnown(name)) : [];
  const reply = (await script.run(
    redis,
    [keyspace.ext.producer(call.producerId), keyspace.knownJobs, ...keys],
    [call.number, REMEMBERED_SECONDS, unverified.length, ...unverified, names.length, ...names, ...args],
  )) as [Buffer, Buffer, Buffer] | [null, readonly number[]];
  if (reply[0] === null) return { unknownJobs: reply[1].map((which) => unverified[which - 1]!) };
  const answers = reply[0].toString().split('\n').map(toAnswer);
  return {
    answers: groupOf.map((group) => answers[group] ?? replyError('ERR the script gave no answer')),
    redisMs: timeReplyMs(reply[1], reply[2]),
  };
}

function toAnswer(line: string): WriteAnswer {
  if (line === 'ok') return 'written';
  if (line === 'dup') return 'duplicate';
  return replyError(line);
}

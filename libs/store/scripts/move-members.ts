import type { Keyspace } from '#protocol';
import { replyError } from '../reply-error.js';
import { Script } from '../script.js';
import type { WorkRedis } from '../work-redis.js';
import { sources } from './sources.generated.js';

const script = new Script('move-members', sources.moveMembers);

export interface MemberMove {
  readonly jobName: string;
  /** As it stands in the set. */
  readonly member: Buffer;
  /** As it is to stand in the queue. */
  readonly bytes: Buffer;
  /** Id of a periodic tick, which is dropped if that tick has fired already. */
  readonly tickId?: string | undefined;
}

/** An error is Redis' about the queue: the job stays where it is. */
export type MoveFate = 'moved' | 'gone' | 'fired' | Error;

/** Moves jobs from a sorted set to the queues of their names. */
export async function moveMembers(
  redis: WorkRedis,
  keyspace: Keyspace,
  set: string,
  moves: readonly MemberMove[],
): Promise<readonly MoveFate[]> {
  if (moves.length === 0) return [];
  const { scratch } = keyspace.ext;
  const keysOf = ({ jobName, tickId }: MemberMove) => [
    keyspace.queue(jobName),
    tickId === undefined ? scratch : keyspace.ext.fired(tickId),
  ];
  const fates = (await script.run(
    redis,
    [set, scratch, keyspace.knownJobs, ...moves.flatMap(keysOf)],
    moves.flatMap(({ jobName, member, bytes }) => [jobName, member, bytes]),
  )) as readonly Buffer[];
  return fates.map(toFate);
}

function toFate(reply: Buffer): MoveFate {
  const text = reply.toString();
  return text === 'moved' || text === 'gone' || text === 'fired' ? text : replyError(text);
}

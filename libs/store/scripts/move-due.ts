import type { Keyspace } from '#protocol';
import { Script } from '../script.js';
import type { WorkRedis } from '../work-redis.js';
import { FIRED_SECONDS } from './shared/fired-ticks.js';
import { sources } from './sources.generated.js';

const script = new Script(sources.moveDue);

export interface DueJob {
  readonly name: string;
  /** As it stands in the sorted set. */
  readonly entry: Buffer;
  /** What goes to the queue of `name`. */
  readonly job: Buffer;
  /** Its id, where it is a tick of a periodic job that has not run yet: such a one is moved once, whoever adds it again. */
  readonly tickId: string | undefined;
}

export interface RefusedJob {
  readonly job: DueJob;
  /** Redis' error about the queue, for example that it is no list. */
  readonly error: string;
}

export interface MoveDueReply {
  readonly moved: number;
  /** Ticks that had been moved before. */
  readonly dropped: number;
  /** Still in the sorted set. */
  readonly refused: readonly RefusedJob[];
}

/** Moves each job that is still in the sorted set, in this order. Safe to repeat after a lost reply. */
export async function moveDue(
  redis: WorkRedis,
  keyspace: Keyspace,
  waitingSet: string,
  jobs: readonly DueJob[],
): Promise<MoveDueReply> {
  const { scratch } = keyspace.ext;
  const markOf = ({ tickId }: DueJob) => (tickId === undefined ? scratch : keyspace.ext.fired(tickId));
  const keys = jobs.flatMap((job) => [keyspace.queue(job.name), markOf(job)]);
  const args = jobs.flatMap(({ entry, job, name }) => [entry, job, name]);
  const reply = await script.run(redis, [waitingSet, scratch, keyspace.knownJobs, ...keys], [FIRED_SECONDS, ...args]);
  const [moved, dropped, refused] = reply as [number, number, (number | Buffer)[]];
  return { moved, dropped, refused: readRefused(refused, jobs) };
}

function readRefused(reply: readonly (number | Buffer)[], jobs: readonly DueJob[]): RefusedJob[] {
  const refused: RefusedJob[] = [];
  for (let i = 0; i < reply.length; i += 2) {
    refused.push({ job: jobs[Number(reply[i]) - 1]!, error: String(reply[i + 1]) });
  }
  return refused;
}

import type { Keyspace } from '#protocol';
import { Script, type ScriptArgument } from '../script.js';
import type { WorkRedis } from '../work-redis.js';
import { sources } from './sources.generated.js';

const script = new Script(sources.observe);

/**
 * A record that nobody renews is that of a process that is gone, and the observer renews each within a minute. gocraft/work
 * keeps one for a day.
 */
const EXPIRE_SECONDS = 600;

export interface WorkerRecord {
  readonly workerId: string;
  /** Fields and values in turn; none where the worker is idle. */
  readonly fields: readonly ScriptArgument[];
}

/** Writes or deletes each record as a whole. */
export async function observe(redis: WorkRedis, keyspace: Keyspace, records: readonly WorkerRecord[]): Promise<void> {
  const keys = records.map(({ workerId }) => keyspace.observation(workerId));
  const args = records.flatMap(({ fields }) => [fields.length, ...fields]);
  await script.run(redis, keys, [EXPIRE_SECONDS, ...args]);
}

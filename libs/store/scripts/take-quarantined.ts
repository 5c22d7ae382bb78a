import type { Keyspace } from '#protocol';
import { replyError } from '../reply-error.js';
import { Script } from '../script.js';
import type { WorkRedis } from '../work-redis.js';
import { sources } from './sources.generated.js';

const script = new Script(sources.takeQuarantined);

/** Entries looked at in one call. */
const STEP = 100;

/** The whole entry, or undefined where it is gone. */
export async function readQuarantined(
  redis: WorkRedis,
  keyspace: Keyspace,
  digest: string,
): Promise<Buffer | undefined> {
  return (await take(redis, keyspace, digest, ['read']))?.[1];
}

/** Whether it was there. */
export async function removeQuarantined(redis: WorkRedis, keyspace: Keyspace, digest: string): Promise<boolean> {
  return (await take(redis, keyspace, digest, ['remove'])) !== undefined;
}

/**
 * Puts `bytes`, a job of this name, into its queue in place of the entry; answers whether that was still there.
 *
 * @throws Redis' error reply where its queue refused it: then it stays
 */
export async function putBackQuarantined(
  redis: WorkRedis,
  keyspace: Keyspace,
  digest: string,
  job: { readonly name: string; readonly bytes: Buffer },
): Promise<boolean> {
  const reply = await take(redis, keyspace, digest, ['put-back', job.name, job.bytes], keyspace.queue(job.name));
  if (String(reply?.[0]) === 'refused') throw replyError(String(reply?.[1]));
  return reply !== undefined;
}

/** From the head on, so that what is put in front meanwhile moves none out of sight. */
async function take(
  redis: WorkRedis,
  keyspace: Keyspace,
  digest: string,
  action: readonly (string | Buffer)[],
  ...queue: readonly string[]
): Promise<readonly [Buffer, Buffer] | undefined> {
  const keys = [keyspace.ext.quarantine, keyspace.knownJobs, keyspace.ext.scratch, ...queue];
  for (let first = 0; ; first += STEP) {
    const reply = await script.run(redis, keys, [first, first + STEP - 1, digest, ...action]);
    const [state, detail] = reply as [Buffer, Buffer | number];
    if (state.toString() !== 'absent') return [state, detail as Buffer];
    if ((detail as number) < STEP) return undefined;
  }
}

import type { Keyspace } from '#protocol';
import { Script } from '../script.js';
import type { WorkRedis } from '../work-redis.js';
import { settleArguments } from './settle-and-fetch/arguments.js';
import type { SettleAndFetchCall } from './settle-and-fetch/call.js';
import { decodeReply, type SettleAndFetchReply } from './settle-and-fetch/reply.js';
import { sources } from './sources.generated.js';

const script = new Script(sources.settleAndFetch);

/**
 * Settles and fetches in one step, once per call number.
 *
 * @throws Redis' error reply: nothing was changed. Any other error: nobody knows, repeat the same call.
 */
export async function settleAndFetch(
  redis: WorkRedis,
  keyspace: Keyspace,
  call: SettleAndFetchCall,
): Promise<SettleAndFetchReply> {
  const { keys, args, settles } = settleArguments(keyspace, call);
  return decodeReply(await script.run(redis, keys, args), call.queues, settles);
}

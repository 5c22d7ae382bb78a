import { isErrorReply } from './error-reply.js';
import { RedisRefusedError, targetOf } from './connections/index.js';
import type { ScriptArgument } from './script.js';
import type { WorkRedis } from './work-redis.js';

export type ReadCommand = readonly [name: string, ...args: ScriptArgument[]];

/** Commands of one pipeline; each keeps its order. */
const COMMANDS_PER_PIPELINE = 1_000;

/**
 * Replies of reading commands, sent together, in the shape in which ioredis gives them; strings are Buffers. Redis' error to
 * one of them (a key of another type) is undefined in its place.
 *
 * @throws what is no error reply: the connection was lost
 */
export async function readTogether(redis: WorkRedis, commands: readonly ReadCommand[]): Promise<readonly unknown[]> {
  return (await repliesTo(redis, commands)).map((reply) => (reply instanceof Error ? undefined : reply));
}

/**
 * The same where one error is too many.
 *
 * @param what is read, for the error
 * @throws RedisRefusedError
 */
export async function readAll(
  redis: WorkRedis,
  what: string,
  commands: readonly ReadCommand[],
): Promise<readonly unknown[]> {
  return (await repliesTo(redis, commands)).map((reply) => {
    if (reply instanceof Error) throw new RedisRefusedError(targetOf(redis), `to read ${what}`, reply);
    return reply;
  });
}

async function repliesTo(redis: WorkRedis, commands: readonly ReadCommand[]): Promise<readonly unknown[]> {
  const replies: unknown[] = [];
  for (let at = 0; at < commands.length; at += COMMANDS_PER_PIPELINE) {
    replies.push(...(await readPipeline(redis, commands.slice(at, at + COMMANDS_PER_PIPELINE))));
  }
  return replies;
}

async function readPipeline(redis: WorkRedis, commands: readonly ReadCommand[]): Promise<readonly unknown[]> {
  const pipeline = redis.pipeline();
  for (const [name, ...args] of commands) pipeline.callBuffer(name.toLowerCase(), args); // so ioredis shapes the reply
  const replies = (await pipeline.exec()) ?? [];
  return replies.map(([error, reply]) => {
    if (error && !isErrorReply(error)) throw error;
    return error ?? reply;
  });
}

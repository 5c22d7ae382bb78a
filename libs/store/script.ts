import { createHash } from 'node:crypto';
import { isErrorReply } from './error-reply.js';
import type { WorkRedis } from './work-redis.js';

export type ScriptArgument = string | Buffer | number;

/** One Lua script: sent by its digest, and with its text where Redis does not know it (a new server, SCRIPT FLUSH). */
export class Script {
  readonly #digest: string;

  constructor(private readonly source: string) {
    this.#digest = createHash('sha1').update(source).digest('hex');
  }

  /**
   * Runs the script. Strings in the reply are Buffers, numbers are numbers.
   *
   * @throws Redis' own error reply (see `isErrorReply`): the script did not run, or raised. Any other error means that
   * nobody knows whether it ran.
   */
  async run(redis: WorkRedis, keys: readonly ScriptArgument[], args: readonly ScriptArgument[]): Promise<unknown> {
    try {
      return await redis.callBuffer('EVALSHA', [this.#digest, keys.length, ...keys, ...args]);
    } catch (error) {
      if (!isErrorReply(error, 'NOSCRIPT')) throw error;
      return await redis.callBuffer('EVAL', [this.source, keys.length, ...keys, ...args]);
    }
  }
}

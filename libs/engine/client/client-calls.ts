import { isErrorReply, RedisLostError, RedisRefusedError, type WorkRedis } from '#store';
import { LastTrouble } from '../last-trouble.js';

/** What ioredis rejects a command with whose connection failed, or was closed, by name or by text. */
const LOST =
  /^(MaxRetriesPerRequestError|ClusterAllFailedError|AbortError)|Connection is closed|Stream isn't writeable|Command timed out/;

/** Runs the calls of a client, and says in our words where Redis or the connection lets one down. */
export class ClientCalls {
  readonly #trouble: LastTrouble;

  constructor(redis: WorkRedis) {
    this.#trouble = new LastTrouble(redis);
  }

  /** @throws RedisLostError, RedisRefusedError, and what else the call throws */
  async run<T>(call: () => Promise<T>): Promise<T> {
    try {
      return await call();
    } catch (error) {
      throw this.#explained(error);
    }
  }

  end(): void {
    this.#trouble.end();
  }

  #explained(error: unknown): unknown {
    const { target, error: trouble } = this.#trouble;
    if (isErrorReply(error)) return new RedisRefusedError(target, 'this call', error);
    return isLoss(error) ? new RedisLostError(target, trouble ?? error) : error;
  }
}

function isLoss(error: unknown): error is Error {
  return error instanceof Error && LOST.test(`${error.name} ${error.message}`);
}

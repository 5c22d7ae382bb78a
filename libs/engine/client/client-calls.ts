import type { Keyspace } from '#protocol';
import { isErrorReply, isLostConnection, RedisLostError, RedisRefusedError, type WorkRedis } from '#store';
import { LastTrouble } from '../last-trouble.js';
import { ClientClosedError } from './client-errors.js';
import { connected } from './connected.js';
import { SilenceError } from './silence-error.js';
import { whileAnswering } from './while-answering.js';

/** Longer than a failover's hiccup, and not longer than a person waits for a page. */
const SILENCE_MS = 5_000;

/** Runs the calls of a client, and says in our words where Redis or the connection lets one down. */
export class ClientCalls {
  readonly #trouble: LastTrouble;
  #isEnded = false;

  constructor(
    private readonly redis: WorkRedis,
    private readonly keyspace: Keyspace,
  ) {
    this.#trouble = new LastTrouble(redis);
  }

  /**
   * @param what Redis refuses where it does, for example `to delete all dead jobs`
   * @throws ClientClosedError, RedisLostError, RedisRefusedError, and what else the call throws
   */
  async run<T>(call: () => Promise<T>, what = 'this call'): Promise<T> {
    if (this.#isClosed) throw new ClientClosedError('before', this.#trouble.error);
    const { redis } = this;
    await this.#explaining('the connection', () => connected(redis, SILENCE_MS));
    return await this.#explaining(what, () => whileAnswering({ redis, ask: this.#ask, silenceMs: SILENCE_MS }, call));
  }

  end(): void {
    this.#isEnded = true;
    this.#trouble.end();
  }

  /** A connection that was given is closed by who opened it. */
  get #isClosed(): boolean {
    return this.#isEnded || this.redis.status === 'end';
  }

  /** By a key of the namespace: in a Cluster the node that has it is asked, as the calls ask it. */
  readonly #ask = () => this.redis.exists(this.keyspace.knownJobs);

  async #explaining<T>(what: string, act: () => Promise<T>): Promise<T> {
    try {
      return await act();
    } catch (error) {
      throw this.#explained(error, what);
    }
  }

  #explained(error: unknown, what: string): unknown {
    const { target, error: trouble } = this.#trouble;
    if (isErrorReply(error)) return new RedisRefusedError(target, what, error);
    if (!isLostConnection(error)) return error;
    const cause = error instanceof SilenceError ? error : (trouble ?? (error as Error));
    return this.#isClosed ? new ClientClosedError('during', cause) : new RedisLostError(target, cause);
  }
}

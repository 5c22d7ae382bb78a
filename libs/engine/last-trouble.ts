import { isErrorReply, rootOfError, targetOf, type WorkRedis } from '#store';
import { watchConnection } from './watch-connection.js';

/** Why Redis has not done what was asked: the cause of an error that is thrown when the time is up. */
export class LastTrouble {
  #ofConnection: Error | undefined;
  #refusal: Error | undefined;
  readonly #endWatch: () => void;

  constructor(private readonly redis: WorkRedis) {
    this.#endWatch = watchConnection(redis, {
      onError: (error) => (this.#ofConnection = rootOfError(error)),
      onClose: () => (this.#ofConnection ??= new Error('the connection was closed')),
      onReady: () => (this.#ofConnection = undefined),
    });
  }

  /** host:port, for messages. */
  get target(): string {
    return targetOf(this.redis);
  }

  /** Undefined where nothing is known to be wrong: Redis says nothing, or has too much to do. */
  get error(): Error | undefined {
    return this.#ofConnection ?? this.#refusal;
  }

  /** A command failed. What becomes of a connection, it tells itself. */
  commandFailed(error: unknown): void {
    if (isErrorReply(error)) this.#refusal = error;
  }

  commandSucceeded(): void {
    this.#refusal = undefined;
  }

  end(): void {
    this.#endWatch();
  }
}

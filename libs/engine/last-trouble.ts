import { isErrorReply, rootOfError, targetOf, type WorkRedis } from '#store';

/** Why Redis has not done what was asked: the cause of an error that is thrown when the time is up. */
export class LastTrouble {
  #ofConnection: Error | undefined;
  #refusal: Error | undefined;

  constructor(private readonly redis: WorkRedis) {
    redis.on('error', this.#onError);
    redis.on('close', this.#onClose);
    redis.on('ready', this.#onReady);
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
    this.redis.off('error', this.#onError);
    this.redis.off('close', this.#onClose);
    this.redis.off('ready', this.#onReady);
  }

  readonly #onError = (error: Error) => void (this.#ofConnection = rootOfError(error));
  readonly #onClose = () => void (this.#ofConnection ??= new Error('the connection was closed'));
  readonly #onReady = () => void (this.#ofConnection = undefined);
}

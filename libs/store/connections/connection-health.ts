import type { WorkRedis } from '../work-redis.js';

export interface ConnectionListener {
  /** Called once when the first of several connections is lost. */
  readonly onLost?: (error: Error | undefined) => void;
  /** Called once when all of them are ready again. */
  readonly onBack?: (downMs: number) => void;
}

/** Tells one event each way for a set of connections, however many of them are lost and however often they retry. */
export class ConnectionHealth {
  readonly #down = new Set<WorkRedis>();
  #downSinceMs = 0;
  #lastError: Error | undefined;

  constructor(
    private readonly listener: ConnectionListener,
    private readonly nowMs: () => number = () => performance.now(),
  ) {}

  get lastError(): Error | undefined {
    return this.#lastError;
  }

  watch(redis: WorkRedis): void {
    let wasReady = redis.status === 'ready';
    redis.on('error', (error: Error) => (this.#lastError = error));
    redis.on('ready', () => {
      wasReady = true;
      this.#isBack(redis);
    });
    redis.on('close', () => {
      if (wasReady) this.#isLost(redis);
    });
  }

  forget(redis: WorkRedis): void {
    this.#down.delete(redis);
  }

  #isLost(redis: WorkRedis): void {
    if (this.#down.size === 0) {
      this.#downSinceMs = this.nowMs();
      this.listener.onLost?.(this.#lastError);
    }
    this.#down.add(redis);
  }

  #isBack(redis: WorkRedis): void {
    if (!this.#down.delete(redis) || this.#down.size > 0) return;
    this.#lastError = undefined;
    this.listener.onBack?.(this.nowMs() - this.#downSinceMs);
  }
}

import type { WorkRedis } from '../work-redis.js';

export interface ConnectionListener {
  /** Called once when the first of several connections is lost. */
  readonly onLost?: (error: Error | undefined) => void;
  /** Called once when all of them are ready again. */
  readonly onBack?: (downMs: number) => void;
}

/** Tells one event each way for a set of connections, however many of them are lost and however often they retry. */
export class ConnectionHealth {
  readonly #listeners = new Set<ConnectionListener>();
  readonly #watched = new Set<WorkRedis>();
  readonly #down = new Set<WorkRedis>();
  readonly #left = new WeakSet<WorkRedis>();
  /** Set while a loss is told and its end is not. */
  #lostSinceMs: number | undefined;
  #lastError: Error | undefined;

  constructor(private readonly nowMs: () => number = () => performance.now()) {}

  /** Returns what ends the telling. */
  listen(listener: ConnectionListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  watch(redis: WorkRedis): void {
    this.#watched.add(redis);
    let wasReady = redis.status === 'ready';
    redis.on('error', (error: Error) => (this.#lastError = error));
    redis.on('ready', () => {
      wasReady = true;
      this.#back(redis);
    });
    redis.on('close', () => {
      if (wasReady && !this.#left.delete(redis)) this.#lost(redis);
    });
  }

  /** It is about to be closed and made anew, though nothing is wrong with it: a loss only where it does not come back. */
  willLeave(redis: WorkRedis): void {
    this.#left.add(redis);
  }

  /** It is closed on purpose. */
  forget(redis: WorkRedis): void {
    this.#watched.delete(redis);
    const isUp = [...this.#watched].some(({ status }) => status === 'ready');
    // Where none is up, the loss lasts until the next one is.
    if (this.#down.delete(redis) && isUp) this.#endLoss();
  }

  #lost(redis: WorkRedis): void {
    if (!this.#watched.has(redis)) return;
    this.#down.add(redis);
    if (this.#lostSinceMs !== undefined) return;
    this.#lostSinceMs = this.nowMs();
    for (const { onLost } of this.#listeners) onLost?.(this.#lastError);
  }

  /** A connection that takes the place of a lost one ends the loss as well. */
  #back(redis: WorkRedis): void {
    this.#down.delete(redis);
    this.#endLoss();
  }

  #endLoss(): void {
    if (this.#lostSinceMs === undefined || this.#down.size > 0) return;
    const downMs = this.nowMs() - this.#lostSinceMs;
    this.#lostSinceMs = undefined;
    this.#lastError = undefined;
    for (const { onBack } of this.#listeners) onBack?.(downMs);
  }
}

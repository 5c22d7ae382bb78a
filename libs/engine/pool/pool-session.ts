import { isErrorReply, isLostConnection, RedisUnreachableError } from '#store';
import { TimeLimit } from '../background/index.js';
import { FAREWELL_MS } from '../fetcher/index.js';
import type { ResolvedPoolOptions } from './pool-options.js';
import { PoolRoles, type PoolDeclarations } from './pool-roles.js';
import { startRefusal } from './start-refusal.js';

/**
 * The end of the farewell: passes and the heartbeat fail with their connections, at once; those on a connection that the
 * application made may take longer, and go on without being waited for.
 */
const LAST_PASSES_MS = 500;
const BEFORE_LAST_PASSES_MS = FAREWELL_MS - LAST_PASSES_MS;

/** One life of a pool, from a start to its stop: when each of its roles begins and ends. */
export class PoolSession {
  readonly #roles: PoolRoles;
  #registering: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly options: ResolvedPoolOptions,
    private readonly declared: PoolDeclarations,
  ) {
    this.#roles = new PoolRoles(options, declared);
  }

  get poolId(): string {
    return this.#roles.registration.poolId;
  }

  get runningCount(): number {
    return this.#roles.fetcher?.running.size ?? 0;
  }

  /**
   * @param abandoned ends the wait for Redis
   * @throws RedisUnreachableError, RedisRefusedError, or the reason of `abandoned`; nothing is left open then
   */
  async start(abandoned: AbortSignal): Promise<void> {
    try {
      await this.#join(abandoned);
      this.#roles.start();
    } catch (error) {
      await this.#leave(new TimeLimit(BEFORE_LAST_PASSES_MS).begin());
      throw error;
    }
    this.options.report({ type: 'pool_started', poolId: this.poolId, jobNames: this.declared.jobTypes.names() });
  }

  async drain(): Promise<void> {
    await this.#roles.fetcher?.drain();
  }

  /** Ends within the grace period, 2 s for what was aborted, and 2 s for all that is left, whatever Redis does. */
  async stop(gracePeriodMs: number): Promise<void> {
    const { poolId } = this;
    const farewell = new TimeLimit(BEFORE_LAST_PASSES_MS);
    const tally = await this.#roles.fetcher?.stop(gracePeriodMs, farewell);
    await this.#leave(farewell);
    if (tally) this.options.report({ type: 'pool_stopped', poolId, ...tally });
  }

  /** A connection that breaks just now is no answer: it is waited for again. */
  async #join(abandoned: AbortSignal): Promise<void> {
    const { connections, commands, clock } = this.#roles;
    const { startTimeoutMs } = this.options;
    const untilMs = clock.monotonicMs() + startTimeoutMs;
    for (let leftMs = startTimeoutMs; ; leftMs = untilMs - clock.monotonicMs()) {
      await connections.answered(commands, leftMs, abandoned);
      const lost = await this.#register(abandoned);
      if (!lost) return;
      if (clock.monotonicMs() >= untilMs) throw new RedisUnreachableError(connections.target, startTimeoutMs, lost);
    }
  }

  /** Resolves with the error where the connection was lost before Redis answered. */
  async #register(abandoned: AbortSignal): Promise<Error | undefined> {
    const { registration, commands } = this.#roles;
    this.#registering = registration.register([...this.declared.jobTypes]);
    try {
      await unlessAborted(this.#registering, abandoned);
      return undefined;
    } catch (error) {
      abandoned.throwIfAborted();
      if (isErrorReply(error)) throw await startRefusal(commands, this.options.keyspace, error);
      if (isLostConnection(error)) return error as Error;
      throw error;
    }
  }

  /**
   * All at the same time and within one limit. The heartbeat goes last, so that nobody takes the pool for dead while it
   * tidies up; where Redis does not answer, others find it dead.
   */
  async #leave(limit: TimeLimit): Promise<void> {
    const { connections, liveness } = this.#roles;
    const background = this.#roles.stopBackground();
    await limit.within(Promise.all([background, this.#unregister()]));
    limit.end();
    connections.close();
    const lastPasses = new TimeLimit(LAST_PASSES_MS).begin();
    await lastPasses.within(Promise.all([liveness.stop(), background]));
    lastPasses.end();
  }

  async #unregister(): Promise<void> {
    await this.#registering.catch(() => undefined);
    await this.#roles.registration.unregister();
  }
}

async function unlessAborted<T>(task: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
  return await Promise.race([task, aborted]);
}

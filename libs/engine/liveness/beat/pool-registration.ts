import { newId, type Keyspace } from '#protocol';
import { redisTimeMs, registerPool, removePool, type WorkRedis } from '#store';
import { epochSeconds, type Clock } from '../../clock.js';
import type { Report } from '../../events.js';
import type { Membership } from '../../fetcher/index.js';
import { hostName, MAX_WORKER_IDS, type PoolIdentity } from './pool-identity.js';
import { Vitals } from './vitals.js';

export interface PoolRegistrationOptions {
  /** A `commands` connection. */
  readonly redis: WorkRedis;
  readonly keyspace: Keyspace;
  readonly clock: Clock;
  readonly concurrency: number;
  readonly report: Report;
  /** Takes Redis' time, milliseconds since the epoch, before each registration: `RedisClock.sample`. */
  readonly onRedisTime?: (redisMs: number) => void;
  /** @default newId */
  readonly nextId?: () => string;
}

/** A job type that the pool runs. */
export interface RegisteredType {
  readonly name: string;
  /** Written where given: 0 = no limit. Not given leaves what Redis has. */
  readonly maxConcurrency?: number | undefined;
}

/**
 * A pool's place in `worker_pools`, which is its right to take jobs. An id that was taken out of it never comes back: the
 * pool goes on under a new one, and its older ids point at that, so that what it still holds under them is known to live.
 */
export class PoolRegistration implements Membership {
  readonly vitals: Vitals;
  readonly #listeners = new Set<(identity: PoolIdentity | undefined) => void>();
  #poolId = '';
  #workerIds: readonly string[] = [];
  #types: readonly RegisteredType[] | undefined;
  #olderIds: readonly string[] = [];
  #identity: PoolIdentity | undefined;
  #renewal: Promise<string> | undefined;

  constructor(private readonly options: PoolRegistrationOptions) {
    this.vitals = new Vitals(() => options.clock.monotonicMs());
  }

  /** The id of now; '' before the first registration. Read it anew for each call: a renewal changes it. */
  get poolId(): string {
    return this.#poolId;
  }

  /** Ids of the first 100 workers, under which `Observer` shows what they run. */
  get workerIds(): readonly string[] {
    return this.#workerIds;
  }

  /** What the heartbeat writes; undefined while the pool is no member. */
  get identity(): PoolIdentity | undefined {
    return this.#identity;
  }

  /** Tells each new identity, and undefined when the pool leaves. Returns what ends the telling. */
  onChange(listener: (identity: PoolIdentity | undefined) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /**
   * Becomes a member under an id never used before. To be called again after a failure, which leaves nothing behind.
   *
   * @throws Redis' error, or that of the connection
   */
  async register(types: readonly RegisteredType[]): Promise<string> {
    this.#workerIds = Array.from({ length: Math.min(this.options.concurrency, MAX_WORKER_IDS) }, () => this.#nextId());
    await this.#join(types);
    this.#types = types;
    return this.#poolId;
  }

  /**
   * Goes on under a new id. Calls made together, or about an id that is not that of now, make one renewal; a pool that has
   * left stays away.
   *
   * @param fencedId the id that is no member any more; by default that of now
   */
  renew(fencedId: string = this.#poolId): Promise<string> {
    if (!this.#types || fencedId !== this.#poolId) return Promise.resolve(this.#poolId);
    this.#renewal ??= this.#renew(this.#types).finally(() => (this.#renewal = undefined));
    return this.#renewal;
  }

  /** Milliseconds since the last accepted beat was sent, on a monotonic clock. */
  beatAgeMs(): number {
    return this.vitals.beatAgeMs();
  }

  /**
   * Ends the beat, and the membership if the pool holds nothing under any of its ids. False: it holds something, and stays
   * a member without a beat, so that another pool takes it over.
   */
  async unregister(): Promise<boolean> {
    await this.#renewal?.catch(() => {});
    const types = this.#types;
    if (!types) return true;
    const olderIds = this.#olderIds;
    this.#leave();
    const jobNames = types.map(({ name }) => name);
    const step = { cause: 'stopped', poolId: this.#poolId, olderIds, jobNames } as const;
    return (await removePool(this.options.redis, this.options.keyspace, step)) === 'removed';
  }

  async #renew(types: readonly RegisteredType[]): Promise<string> {
    const fencedId = this.#poolId;
    await this.#join(types, [...this.#olderIds, fencedId]);
    this.options.report({ type: 'pool_fenced', poolId: fencedId, newPoolId: this.#poolId });
    return this.#poolId;
  }

  async #join(types: readonly RegisteredType[], olderIds: readonly string[] = this.#olderIds): Promise<void> {
    const { redis, keyspace, clock, onRedisTime } = this.options;
    onRedisTime?.(await redisTimeMs(redis));
    const poolId = this.#nextId();
    const identity = this.#describe(poolId, types, epochSeconds(clock));
    const sentAtMs = clock.monotonicMs();
    const heartbeat = { ...identity, heartbeatAt: identity.startedAt };
    // If the reply is lost, the next try takes this id out again.
    this.#olderIds = [...olderIds, poolId];
    const step = { poolId, olderIds, heartbeat, begins: !this.#types, maxConcurrency: limitsOf(types) };
    const reply = await registerPool(redis, keyspace, step);
    this.#olderIds = reply.olderIds;
    this.#poolId = poolId;
    this.vitals.beatAccepted(sentAtMs);
    this.#setIdentity(identity);
  }

  #leave(): void {
    this.#types = undefined;
    this.#olderIds = []; // their entries are for whoever reaps the id they point at
    this.vitals.forgetBeat();
    this.#setIdentity(undefined);
  }

  #describe(poolId: string, types: readonly RegisteredType[], now: number): PoolIdentity {
    const { concurrency } = this.options;
    const jobNames = types.map(({ name }) => name);
    const startedAt = this.#identity?.startedAt ?? now;
    return { poolId, startedAt, jobNames, concurrency, workerIds: this.#workerIds, host: hostName(), pid: process.pid };
  }

  #setIdentity(identity: PoolIdentity | undefined): void {
    this.#identity = identity;
    for (const listener of this.#listeners) listener(identity);
  }

  #nextId(): string {
    return (this.options.nextId ?? newId)();
  }
}

function limitsOf(types: readonly RegisteredType[]): ReadonlyMap<string, number> {
  const limits = new Map<string, number>();
  for (const { name, maxConcurrency } of types) if (maxConcurrency !== undefined) limits.set(name, maxConcurrency);
  return limits;
}

import type { EpochSeconds, Keyspace } from '#protocol';
import { redisTimeMs, type WorkRedis } from '#store';
import { epochSeconds, type Clock } from '../clock.js';
import { connectionInUse } from '../connection-in-use.js';
import { ClientCalls } from './client-calls.js';
import type { ClientOptions } from './client-options.js';
import { JobSearch } from './job-search.js';
import { Mover } from './mover.js';
import { Pauses } from './pauses.js';
import { QuarantineKeeper } from './quarantine-keeper.js';
import { Remover } from './remover.js';
import { SortedSet } from './sorted-set.js';
import { WaitingJobs } from './waiting-jobs.js';

/** What the calls of a client are made with. */
export class ClientParts {
  readonly redis: WorkRedis;
  readonly keyspace: Keyspace;
  readonly scheduled: SortedSet;
  readonly retry: SortedSet;
  readonly dead: SortedSet;
  readonly mover: Mover;
  readonly remover: Remover;
  readonly search: JobSearch;
  readonly waiting: WaitingJobs;
  readonly pauses: Pauses;
  readonly quarantine: QuarantineKeeper;
  readonly #calls: ClientCalls;
  readonly #clock: Clock | undefined;
  readonly #closeConnection: () => void;

  constructor(options: ClientOptions) {
    const { redis, keyspace, close } = connectionInUse('Client', 'commands', options);
    this.redis = redis;
    this.keyspace = keyspace;
    this.scheduled = new SortedSet(redis, keyspace.scheduled);
    this.retry = new SortedSet(redis, keyspace.retry);
    this.dead = new SortedSet(redis, keyspace.dead);
    this.mover = new Mover(redis, keyspace);
    this.remover = new Remover(redis, keyspace);
    this.search = new JobSearch(redis, keyspace);
    this.waiting = new WaitingJobs(redis, keyspace, this.search);
    this.pauses = new Pauses(redis, keyspace);
    this.quarantine = new QuarantineKeeper(redis, keyspace);
    this.#calls = new ClientCalls(redis, keyspace);
    this.#clock = options.clock;
    this.#closeConnection = close;
  }

  /** @throws ClientClosedError, RedisLostError, RedisRefusedError, and what else the call throws */
  ask<T>(call: (parts: this) => Promise<T>, what?: string): Promise<T> {
    return this.#calls.run(() => call(this), what);
  }

  /** The same for a call that needs to know the time. */
  askNow<T>(call: (now: EpochSeconds, parts: this) => Promise<T>): Promise<T> {
    return this.#calls.run(async () => await call(await this.#now(), this));
  }

  close(): void {
    this.#calls.end();
    this.#closeConnection();
  }

  async #now(): Promise<EpochSeconds> {
    return this.#clock ? epochSeconds(this.#clock) : Math.floor((await redisTimeMs(this.redis)) / 1000);
  }
}

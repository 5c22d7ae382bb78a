import { newId, type Keyspace } from '#protocol';
import { Connections, type Settlement, type WorkRedis } from '#store';
import { systemClock } from '../../libs/engine/clock.js';
import type { WorkEvent } from '../../libs/engine/events.js';
import {
  Fetcher,
  type FetcherOptions,
  type HeldJob,
  type Membership,
  type WakeUps,
} from '../../libs/engine/fetcher/index.js';
import type { TestRedis } from './test-redis.js';

/** Tells nothing, so that only sweeps find work. */
const SILENT: WakeUps = { isTracking: false, listen: () => () => {}, arm: () => Promise.resolve([]) };

export interface FetchingPoolOptions extends Partial<Omit<FetcherOptions, 'redis' | 'run'>> {
  /** By default that of the test's Redis. */
  readonly url?: string;
  readonly run?: (job: HeldJob) => Promise<Settlement>;
}

/** A Fetcher on a connection of its own, with the least registration that lets it fetch. */
export class FetchingPool implements Membership {
  readonly fetcher: Fetcher;
  readonly events: WorkEvent[] = [];
  /** What each run was given, in the order of their starts. */
  readonly started: string[] = [];
  /** What Redis confirmed, as bytes and kind. */
  readonly settled: string[] = [];
  readonly #connections: Connections;
  readonly #redis: WorkRedis;
  readonly #keyspace: Keyspace;
  poolId = newId();

  constructor(
    private readonly test: TestRedis,
    { url = test.url, run = () => Promise.resolve({ kind: 'succeeded' }), ...options }: FetchingPoolOptions = {},
  ) {
    this.#connections = new Connections(url);
    this.#redis = this.#connections.open('fetch');
    this.#keyspace = options.keyspace ?? test.keyspace;
    this.fetcher = new Fetcher({
      redis: this.#redis,
      keyspace: this.#keyspace,
      membership: this,
      jobTypes: [{ name: 'mail', priority: 1, limit: 0 }],
      concurrency: 5,
      waker: SILENT,
      clock: systemClock,
      random: Math.random,
      report: (event) => this.events.push(event),
      onSettled: ({ bytes }, { kind }) => this.settled.push(`${String(bytes)} ${kind}`),
      ...options,
      run: async (job) => {
        this.started.push(String(job.bytes));
        return await run(job);
      },
    });
  }

  get isConnected(): boolean {
    return this.#redis.status === 'ready';
  }

  async start(): Promise<void> {
    await this.#join();
    this.fetcher.start();
  }

  /** Closes the connection whatever is left. */
  async close(): Promise<void> {
    await this.fetcher.stop(0);
    this.#connections.close();
  }

  async renew(): Promise<string> {
    await this.test.redis.srem(this.#keyspace.workerPools, this.poolId);
    this.poolId = newId();
    await this.#join();
    return this.poolId;
  }

  beatAgeMs(): number {
    return 0;
  }

  async #join(): Promise<void> {
    await this.test.redis.sadd(this.#keyspace.workerPools, this.poolId);
  }
}

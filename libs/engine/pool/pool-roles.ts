import { Connections, type WorkRedis } from '#store';
import { RedisClock } from '../clock.js';
import { Fetcher } from '../fetcher/index.js';
import { hostName, Liveness, LockKeeper, OrphanFinder, PoolRegistration } from '../liveness/index.js';
import { JobExecutor, Observer, Suspects, UniqueClaim, type JobTypeRegistry, type Middleware } from '../run/index.js';
import { PeriodicEnqueuer, Requeuer, UnknownJobFinder, type PeriodicJob } from '../time/index.js';
import { Waker } from '../waker/index.js';
import type { ResolvedPoolOptions } from './pool-options.js';

export interface PoolDeclarations {
  readonly jobTypes: JobTypeRegistry;
  readonly periodic: readonly PeriodicJob[];
  readonly middleware: readonly Middleware[];
}

/** A role of the background, started after the pool is a member and stopped when no job runs any more. */
interface Role {
  start(): void;
  stop(): Promise<void>;
  /** Makes its next pass at once. */
  wake?(): void;
}

/** All that a pool consists of, and who knows whom. When each begins and ends is for the session to say. */
export class PoolRoles {
  readonly clock = new RedisClock();
  readonly connections: Connections;
  readonly commands: WorkRedis;
  readonly registration: PoolRegistration;
  readonly liveness: Liveness;
  readonly #observer: Observer;
  readonly #waker: Waker;
  readonly #background: readonly Role[];
  #fetcher: Fetcher | undefined;

  constructor(
    private readonly options: ResolvedPoolOptions,
    private readonly declared: PoolDeclarations,
  ) {
    this.connections = this.#makeConnections();
    this.commands = this.connections.open('commands');
    this.registration = this.#makeRegistration();
    this.liveness = this.#makeLiveness();
    this.#observer = this.#makeObserver();
    this.#waker = new Waker({ connections: this.connections, keyspace: options.keyspace, report: options.report });
    this.#background = this.#makeBackground();
  }

  /** Made when the pool is a member, under whose id it fetches. */
  get fetcher(): Fetcher | undefined {
    return this.#fetcher;
  }

  /** The pool must be a member. */
  start(): void {
    this.liveness.start();
    for (const role of this.#background) role.start();
    this.registration.onChange(() => this.#wake());
    this.#fetcher = this.#makeFetcher(this.#makeExecutor());
    this.#fetcher.start();
  }

  /** Ends what runs besides the fetcher and the heartbeat. */
  async stopBackground(): Promise<void> {
    await Promise.all(this.#background.map((role) => role.stop()));
  }

  /** Redis may hold less than it did. */
  #wake(): void {
    for (const role of this.#background) role.wake?.();
  }

  #makeConnections(): Connections {
    const { connection, report } = this.options;
    if (connection instanceof Connections) return new Connections(connection, { onBack: () => this.#wake() });
    const connections: Connections = new Connections(connection, {
      onLost: (error) => report({ type: 'redis_lost', target: connections.target, error }),
      onBack: (downMs) => {
        report({ type: 'redis_back', target: connections.target, downMs });
        this.#wake();
      },
    });
    return connections;
  }

  #makeRegistration(): PoolRegistration {
    const { keyspace, concurrency, report } = this.options;
    const onRedisTime = (redisMs: number) => this.clock.sample(redisMs);
    return new PoolRegistration({
      redis: this.commands,
      keyspace,
      clock: this.clock,
      concurrency,
      report,
      onRedisTime,
    });
  }

  #makeObserver(): Observer {
    const { keyspace, report } = this.options;
    const workerIds = () => this.registration.workerIds;
    return new Observer({ redis: this.commands, keyspace, workerIds, clock: this.clock, report });
  }

  #makeLiveness(): Liveness {
    const { keyspace, heartbeatThread, maxBlockedMs, report } = this.options;
    return new Liveness({
      registration: this.registration,
      keyspace,
      clock: this.clock,
      connect: () => this.connections.open('beat'),
      disconnect: (redis) => this.connections.discard(redis),
      threadConnection: this.connections.plainOptions('beat'),
      useThread: heartbeatThread,
      maxBlockedMs,
      onFenced: (poolId) => this.#fetcher?.fenced(poolId),
      onRedisTime: (redisMs) => this.clock.sample(redisMs),
      report,
    });
  }

  #makeBackground(): readonly Role[] {
    const common = this.#common;
    const requeuers = {
      retry: new Requeuer({ ...common, set: 'retry' }),
      scheduled: new Requeuer({ ...common, set: 'scheduled' }),
    };
    this.#waker.listen({
      onWaitingSet: (set) => requeuers[set].wake(),
      onEverything: () => Object.values(requeuers).forEach((requeuer) => requeuer.wake()),
    });
    const periodic = new PeriodicEnqueuer({ ...common, jobs: this.declared.periodic });
    const keepers = [new LockKeeper(common), new OrphanFinder(common), this.#makeUnknownJobFinder()];
    return [this.#waker, this.#observer, requeuers.retry, requeuers.scheduled, periodic, ...keepers];
  }

  #makeUnknownJobFinder(): UnknownJobFinder {
    const jobNames = this.declared.jobTypes.names();
    return new UnknownJobFinder({ ...this.#common, jobNames, retries: this.options.retryUnknownJobs });
  }

  #makeExecutor(): JobExecutor {
    const common = this.#common;
    return new JobExecutor({
      ...common,
      ...this.declared,
      host: hostName(),
      uniqueClaim: new UniqueClaim(common),
      suspects: new Suspects(common),
      observer: this.#observer,
    });
  }

  #makeFetcher(executor: JobExecutor): Fetcher {
    const { concurrency } = this.options;
    const jobTypes = [...this.declared.jobTypes].map(({ name, priority, maxConcurrency }) => {
      return { name, priority, limit: maxConcurrency ?? 0 };
    });
    return new Fetcher({
      ...this.#common,
      redis: this.connections.open('fetch'),
      membership: this.registration,
      jobTypes,
      concurrency,
      run: executor.run,
      waker: this.#waker,
    });
  }

  get #common() {
    const { keyspace, random, report } = this.options;
    return { redis: this.commands, keyspace, clock: this.clock, random, report };
  }
}

import { hostname } from 'node:os';
import { Connections, type WorkRedis } from '#store';
import { RedisClock } from '../clock.js';
import { Fetcher } from '../fetcher/index.js';
import { Liveness, LockKeeper, OrphanFinder, PoolRegistration } from '../liveness/index.js';
import { Observer } from '../run/observer.js';
import { JobExecutor } from '../run/job-executor.js';
import type { JobTypeRegistry } from '../run/job-types.js';
import type { Middleware } from '../run/middleware.js';
import { Suspects } from '../run/suspects.js';
import { PeriodicEnqueuer, Requeuer, type PeriodicJob } from '../time/index.js';
import { UniqueClaim } from '../run/unique-claim.js';
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

/** Redis may be gone for good: then the pool leaves without its good-bye, and another one finds it dead. */
const FAREWELL_MS = 5_000;

/** One life of a pool, from a start to its stop: its connections, its id and its roles. */
export class PoolSession {
  readonly #connections: Connections;
  readonly #clock = new RedisClock();
  readonly #commands: WorkRedis;
  readonly #registration: PoolRegistration;
  readonly #observer: Observer;
  readonly #waker: Waker;
  /** Made when the pool is a member, under whose id it fetches. */
  #fetcher: Fetcher | undefined;
  readonly #liveness: Liveness;
  readonly #roles: readonly Role[];

  constructor(
    private readonly options: ResolvedPoolOptions,
    private readonly declared: PoolDeclarations,
  ) {
    this.#connections = this.#makeConnections();
    this.#commands = this.#connections.open('commands');
    this.#registration = this.#makeRegistration();
    this.#observer = this.#makeObserver();
    this.#waker = this.#makeWaker();
    this.#liveness = this.#makeLiveness();
    this.#roles = this.#makeRoles();
  }

  get poolId(): string {
    return this.#registration.poolId;
  }

  get runningCount(): number {
    return this.#fetcher?.running.size ?? 0;
  }

  /**
   * @param abandoned ends the wait for Redis
   * @throws RedisUnreachableError, Redis' error, or the reason of `abandoned`; nothing is left open then
   */
  async start(abandoned: AbortSignal): Promise<void> {
    try {
      await this.#connections.answered(this.#commands, this.options.startTimeoutMs, abandoned);
      await this.#registration.register([...this.declared.jobTypes]);
      abandoned.throwIfAborted();
      this.#startRoles();
    } catch (error) {
      await this.#leave();
      throw error;
    }
    this.options.report({ type: 'pool_started', poolId: this.poolId, jobNames: this.declared.jobTypes.names() });
  }

  async drain(): Promise<void> {
    await this.#fetcher?.drain();
  }

  async stop(gracePeriodMs: number): Promise<void> {
    const { poolId } = this;
    await this.#fetcher?.stop(gracePeriodMs);
    const stopped = Promise.all(this.#roles.map((role) => role.stop()));
    await inTime(stopped, FAREWELL_MS);
    await this.#leave();
    await stopped; // a pass that waited for Redis has failed with its connection
    this.options.report({ type: 'pool_stopped', poolId });
  }

  #startRoles(): void {
    this.#liveness.start();
    for (const role of this.#roles) role.start();
    this.#registration.onChange(() => this.#wakeRoles());
    this.#fetcher = this.#makeFetcher(this.#makeExecutor());
    this.#fetcher.start();
  }

  /** Redis may hold less than it did. */
  #wakeRoles(): void {
    for (const role of this.#roles) role.wake?.();
  }

  /** The heartbeat goes last, so that nobody takes the pool for dead while it tidies up. */
  async #leave(): Promise<void> {
    await inTime(this.#registration.unregister(), FAREWELL_MS);
    await this.#liveness.stop();
    this.#connections.close();
  }

  #makeConnections(): Connections {
    const { connection, report } = this.options;
    const connections: Connections = new Connections(connection, {
      onLost: (error) => report({ type: 'redis_lost', target: connections.target, error }),
      onBack: (downMs) => {
        report({ type: 'redis_back', target: connections.target, downMs });
        this.#wakeRoles();
      },
    });
    return connections;
  }

  #makeRegistration(): PoolRegistration {
    const { keyspace, concurrency, report } = this.options;
    const onRedisTime = (redisMs: number) => this.#clock.sample(redisMs);
    return new PoolRegistration({
      redis: this.#commands,
      keyspace,
      clock: this.#clock,
      concurrency,
      report,
      onRedisTime,
    });
  }

  #makeObserver(): Observer {
    const { keyspace, report } = this.options;
    const workerIds = () => this.#registration.workerIds;
    return new Observer({ redis: this.#commands, keyspace, workerIds, clock: this.#clock, report });
  }

  #makeExecutor(): JobExecutor {
    const { keyspace, random, report } = this.options;
    const common = { redis: this.#commands, keyspace, clock: this.#clock, random, report };
    return new JobExecutor({
      ...common,
      ...this.declared,
      host: hostname(),
      uniqueClaim: new UniqueClaim(common),
      suspects: new Suspects(common),
      observer: this.#observer,
    });
  }

  #makeWaker(): Waker {
    const { keyspace, report } = this.options;
    return new Waker({ connections: this.#connections, keyspace, report });
  }

  #makeFetcher(executor: JobExecutor): Fetcher {
    const { keyspace, concurrency, random, report } = this.options;
    const jobTypes = [...this.declared.jobTypes].map(({ name, priority, maxConcurrency }) => {
      return { name, priority, limited: (maxConcurrency ?? 0) > 0 };
    });
    return new Fetcher({
      redis: this.#connections.open('fetch'),
      keyspace,
      membership: this.#registration,
      jobTypes,
      concurrency,
      run: executor.run,
      waker: this.#waker,
      clock: this.#clock,
      random,
      report,
    });
  }

  #makeLiveness(): Liveness {
    const { keyspace, heartbeatThread, report } = this.options;
    return new Liveness({
      registration: this.#registration,
      keyspace,
      clock: this.#clock,
      connect: () => this.#connections.open('beat'),
      disconnect: (redis) => this.#connections.discard(redis),
      threadConnection: this.#connections.plainOptions('beat'),
      useThread: heartbeatThread,
      onFenced: (poolId) => this.#fetcher?.fenced(poolId),
      onRedisTime: (redisMs) => this.#clock.sample(redisMs),
      report,
    });
  }

  #makeRoles(): readonly Role[] {
    const { keyspace, random, report } = this.options;
    const common = { redis: this.#commands, keyspace, clock: this.#clock, random, report };
    const requeuers = {
      retry: new Requeuer({ ...common, set: 'retry' }),
      scheduled: new Requeuer({ ...common, set: 'scheduled' }),
    };
    const nothing = () => undefined;
    this.#waker.listen({ onDueSet: (set) => requeuers[set].wake(), onQueue: nothing, onEverything: nothing });
    const periodic = new PeriodicEnqueuer({ ...common, jobs: this.declared.periodic });
    const keepers = [new LockKeeper(common), new OrphanFinder(common)];
    return [this.#waker, this.#observer, requeuers.retry, requeuers.scheduled, periodic, ...keepers];
  }
}

async function inTime(task: Promise<unknown>, limitMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise((resolve) => (timer = setTimeout(resolve, limitMs)));
  await Promise.race([task.catch(() => undefined), late]);
  clearTimeout(timer);
}

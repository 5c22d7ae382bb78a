import { JobTypeRegistry, type JobHandler, type JobTypeOptions, type Middleware } from '../run/index.js';
import { PeriodicRegistry, type PeriodicOptions } from './periodic-registry.js';
import { PoolStateError } from './pool-errors.js';
import {
  checkRange,
  GRACE_PERIOD_MS,
  resolvePoolOptions,
  type ResolvedPoolOptions,
  type WorkerPoolOptions,
} from './pool-options.js';
import { PoolSession } from './pool-session.js';

/**
 * Runs jobs. Declare what it runs, `start` it, and `stop` it; it may be started again, under a new pool id.
 *
 * @example
 * const pool = new WorkerPool({ namespace: 'shop', connection: 'redis://127.0.0.1:6379' });
 * pool.job('send_email', { maxFails: 5 }, async (run) => send(run.args));
 * await pool.start();
 */
export class WorkerPool {
  readonly #options: ResolvedPoolOptions;
  readonly #jobTypes = new JobTypeRegistry();
  readonly #periodic = new PeriodicRegistry();
  readonly #middleware: Middleware[] = [];
  #session: PoolSession | undefined;
  #starting: Promise<void> | undefined;
  /** Ends a start that waits for Redis. */
  #abandon = new AbortController();
  #stopping: Promise<void> | undefined;

  /** @throws InvalidNamespaceError, InvalidConnectionError, InvalidPoolOptionError, InvalidEngineOptionError */
  constructor(options: WorkerPoolOptions) {
    this.#options = resolvePoolOptions(options);
  }

  /** The id under which the pool is a member now; '' while it is none. */
  get poolId(): string {
    return this.#session?.poolId ?? '';
  }

  /** Jobs that run here now. */
  get runningCount(): number {
    return this.#session?.runningCount ?? 0;
  }

  /**
   * Declares a job.
   *
   * @throws InvalidJobNameError, InvalidJobOptionsError, DuplicateJobError; PoolStateError once started
   */
  job(name: string, options: JobTypeOptions, handler: JobHandler): this {
    this.#assertStopped('job');
    this.#jobTypes.register(name, options, handler);
    return this;
  }

  /**
   * Enqueues the job `name`, without arguments, at each time of a cron expression, once over all pools.
   *
   * @throws InvalidCronError where the expression is wrong or never fires; PoolStateError once started
   */
  periodicallyEnqueue(expression: string, name: string, options: PeriodicOptions = {}): this {
    this.#assertStopped('periodicallyEnqueue');
    this.#periodic.add(expression, name, options);
    return this;
  }

  /** Wraps every job; the first one given is the outermost. */
  middleware(middleware: Middleware): this {
    this.#assertStopped('middleware');
    this.#middleware.push(middleware);
    return this;
  }

  /**
   * Resolves when the pool is registered and takes jobs. Calls made meanwhile share one start.
   *
   * @throws RedisUnreachableError; RedisRefusedError where Redis answers with an error, such as a replica or a user who may
   * not do what a pool does; nothing is left behind then
   */
  start(): Promise<void> {
    if (this.#starting) return this.#starting;
    const starting = this.#start().catch((error: unknown) => {
      if (this.#starting === starting) this.#starting = undefined;
      throw error;
    });
    return (this.#starting = starting);
  }

  /**
   * Takes no new job, lets running ones end for `gracePeriodMs`, then aborts their signal; what has not succeeded 2 s
   * later goes back to its queue with no attempt spent. Where Redis does not answer, it ends all the same, 2 s later at
   * most, and the event `pool_stopped` counts the jobs whose end Redis has not heard of. Calls made meanwhile share one stop;
   * a start made meanwhile comes after it.
   */
  async stop({ gracePeriodMs = this.#options.gracePeriodMs }: { readonly gracePeriodMs?: number } = {}): Promise<void> {
    checkRange('gracePeriodMs', gracePeriodMs, GRACE_PERIOD_MS);
    if (this.#stopping && !this.#starting) return await this.#stopping;
    const stopping = this.#stop(gracePeriodMs).finally(() => {
      if (this.#stopping === stopping) this.#stopping = undefined;
    });
    this.#stopping = stopping;
    await stopping;
  }

  /**
   * Resolves when each free slot has seen all queues empty, paused or at their limit. Jobs that are scheduled or wait for
   * a retry do not count. The pool goes on running. It resolves as well when the pool stops. Inside of a job it would wait
   * for that job: do not await it there.
   *
   * @throws PoolStateError where it is not started
   */
  async drain(): Promise<void> {
    if (!this.#session)
      throw new PoolStateError(
        'A pool that is not started cannot be drained: call start() first, or in a Nest application app.init(), which starts it.',
      );
    await this.#session.drain();
  }

  async #start(): Promise<void> {
    const { signal } = (this.#abandon = new AbortController());
    await this.#stopping;
    signal.throwIfAborted();
    const jobTypes = this.#jobTypes;
    const declared = { jobTypes, periodic: this.#periodic.jobs(jobTypes), middleware: this.#middleware };
    const session = new PoolSession(this.#options, declared);
    await session.start(signal);
    this.#session = session;
  }

  async #stop(gracePeriodMs: number): Promise<void> {
    this.#abandon.abort(new PoolStateError('The pool was stopped before it had started.'));
    const starting = this.#starting;
    this.#starting = undefined; // a start from here on is another, after this stop
    await starting?.catch(() => undefined);
    const session = this.#session;
    await session?.stop(gracePeriodMs);
    this.#session = undefined;
  }

  #assertStopped(method: string): void {
    if (!this.#starting && !this.#session) return;
    throw new PoolStateError(
      `${method}() must be called before start(): what a pool runs is announced when it starts.`,
    );
  }
}

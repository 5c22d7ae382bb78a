import { Client, Enqueuer, WorkerPool, type JobRun, type WorkEvent } from '#engine';
import type { CompiledSources } from '../../support/compiled-sources.js';
import { testRedis, waitFor, type TestRedis } from '../../support/index.js';
import { GoClient } from './go-client.js';
import { GoProducer } from './go-producer.js';
import type { GoPrograms } from './go-programs.js';
import { GoWorker, type GoPoolOptions } from './go-worker.js';
import { newPool, type OurPoolOptions } from './our-pool.js';
import { OurWorker, type OurWorkerOptions } from './our-worker.js';

/** What of a program the end of a test needs. */
interface Ending {
  kill(): Promise<void>;
}

/** A namespace on which Go programs and ours work together. What it has started ends with the test. */
export class SharedNamespace {
  readonly test: TestRedis;
  readonly enqueuer: Enqueuer;
  readonly client: Client;
  /** What the pools of ours have told. */
  readonly events: WorkEvent[] = [];
  /** Runs of jobs in the pools of ours, in the order of their starts. */
  readonly runs: JobRun[] = [];
  readonly #programs: Ending[] = [];
  readonly #pools: WorkerPool[] = [];

  constructor(
    private readonly programs: GoPrograms,
    url?: string,
  ) {
    this.test = testRedis(url);
    const { redis, keyspace } = this.test;
    this.enqueuer = new Enqueuer({ redis, keyspace });
    this.client = new Client({ redis, keyspace });
  }

  get keyspace() {
    return this.test.keyspace;
  }

  get redis() {
    return this.test.redis;
  }

  goProducer(): GoProducer {
    return this.#track(new GoProducer(this.programs, 'producer', this.#place));
  }

  goClient(): GoClient {
    return this.#track(new GoClient(this.programs, 'client', this.#place));
  }

  /**
   * A pool of gocraft/work, started and registered: its workers begin before its first heartbeat, and before its types are
   * known.
   */
  async goPool(options: GoPoolOptions, programs = this.programs): Promise<GoWorker> {
    const worker = new GoWorker(programs, this.#place, options);
    await this.#track(worker).isStarted();
    const isMember = () => this.redis.sismember(this.keyspace.workerPools, worker.poolId);
    await waitFor('its first heartbeat', async () => (await isMember()) === 1);
    await waitFor('its job types', () => this.#areKnown(options.jobs.map(({ name }) => name)));
    return worker;
  }

  /** A pool of ours, not started yet: the test may declare more jobs. */
  ourPool(options: OurPoolOptions = {}): WorkerPool {
    const { namespace, url } = this.test;
    const report = (event: WorkEvent) => void this.events.push(event);
    const pool = newPool({ namespace, connection: url, heartbeatThread: false, report, ...options });
    pool.middleware((run, next) => {
      this.runs.push(run);
      return next();
    });
    this.#pools.push(pool);
    return pool;
  }

  /** A pool of ours, started. */
  async startOurs(options: OurPoolOptions): Promise<WorkerPool> {
    const pool = this.ourPool(options);
    await pool.start();
    return pool;
  }

  /** A pool of ours in a process of its own, started. `sources` are `libs` and `test/interop/processes`. */
  async ourWorker(sources: CompiledSources, options: OurWorkerOptions): Promise<OurWorker> {
    const worker = this.#track(new OurWorker(sources, this.#place, options));
    await worker.isStarted();
    return worker;
  }

  /** A run in a pool of ours: the `number`th of this job. */
  run(id: string, number = 1): Promise<JobRun> {
    return waitFor(`run ${number} of job ${id}`, () => this.runs.filter((run) => run.id === id)[number - 1]);
  }

  async close(): Promise<void> {
    await Promise.all(this.#programs.map((program) => program.kill()));
    await Promise.all(this.#pools.map((pool) => pool.stop({ gracePeriodMs: 0 })));
    await this.enqueuer.close();
    await this.test.close();
  }

  async #areKnown(names: readonly string[]): Promise<boolean> {
    if (names.length === 0) return true;
    return (await this.redis.smismember(this.keyspace.knownJobs, ...names)).every((known) => known === 1);
  }

  get #place() {
    return { redis: this.test.url, namespace: this.test.namespace };
  }

  #track<T extends Ending>(program: T): T {
    this.#programs.push(program);
    return program;
  }
}

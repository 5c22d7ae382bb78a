import type { OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';
import type { WorkerPool } from '#engine';
import { bannerLines, idleLines, uninjectedLines, unusedTuningLines, unvalidatedLines } from './banner.js';
import { workLogger } from './event-log.js';
import { SignalWarning } from './signal-warning.js';
import { StartOnRedis } from './start-on-redis.js';
import type { Stoppable } from './work-application.js';
import type { WorkInstance } from './work-instance.js';

/**
 * Starts the pool of one instance when the whole application has started, and stops it before anything else is stopped.
 * Its module is placed so that its bootstrap hook is the last and its destroy hook the first of all.
 */
export class PoolHost implements OnApplicationBootstrap, OnModuleDestroy, Stoppable {
  readonly #instance: WorkInstance;
  readonly #pool: WorkerPool;
  readonly #declareJobs: () => Promise<void>;
  readonly #signals: SignalWarning;
  readonly #startOnRedis: StartOnRedis;
  #starting: Promise<void> | undefined;
  #stopped: Promise<void> | undefined;

  /** @param declareJobs tells the pool of every handler; asked once, before the start */
  constructor(instance: WorkInstance, pool: WorkerPool, declareJobs: () => Promise<void>) {
    this.#instance = instance;
    this.#pool = pool;
    this.#declareJobs = declareJobs;
    this.#signals = new SignalWarning(workLogger(instance.name));
    this.#startOnRedis = new StartOnRedis(instance, (abandoned) => this.#beginWork(abandoned));
    instance.application.add(this);
  }

  /** Does nothing once the application is being closed: Nest 11 goes on with its start hooks after its destroy hooks. */
  async onApplicationBootstrap(): Promise<void> {
    if (this.#stopped) return;
    this.#starting = this.#start();
    try {
      await this.#starting;
    } catch (error) {
      if (this.#stopped) return; // closed while it started
      await this.#abandon();
      throw error;
    }
  }

  async onModuleDestroy(): Promise<void> {
    await this.#instance.application.stop();
  }

  /** Resolves when no job of this pool runs any more. Asked twice, it is one stop. */
  stop(): Promise<void> {
    return (this.#stopped ??= this.#stop());
  }

  async #start(): Promise<void> {
    this.#tellStart();
    if (this.#instance.options.worker) await this.#declareJobs();
    if (!this.#stopped) await this.#startOnRedis.run();
  }

  async #beginWork(abandoned: AbortSignal): Promise<void> {
    if (!this.#instance.options.worker) return await this.#instance.answered(abandoned);
    await this.#pool.start();
    if (!this.#stopped) this.#signals.start();
  }

  #tellStart(): void {
    const { name, options, connections, canValidate, validators } = this.#instance;
    const jobs = this.#instance.jobs();
    const logger = workLogger(name);
    for (const line of bannerLines(options, connections.target, jobs)) logger.log(line);
    const warnings = [
      ...idleLines(options, jobs),
      ...uninjectedLines(options, jobs),
      ...unvalidatedLines(jobs, canValidate, (job) => validators.isEmpty(job)),
      ...unusedTuningLines(options, jobs),
    ];
    for (const line of warnings) logger.warn(line);
  }

  async #stop(): Promise<void> {
    this.#signals.stop();
    this.#startOnRedis.abandon();
    await this.#pool.stop(); // ends a start that waits for Redis
    await this.#starting?.catch(() => {}); // whoever started it has its error
    await this.#startOnRedis.settled();
  }

  /** Nest runs no destroy hook after a start that failed, and what is open would keep the process alive. */
  async #abandon(): Promise<void> {
    this.#starting = undefined;
    await this.#instance.application.stop();
    await this.#instance.close();
  }
}

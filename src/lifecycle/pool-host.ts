import type { OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';
import type { WorkerPool } from '#engine';
import { bannerLines, unusedTuningLines, unvalidatedLines } from './banner.js';
import { workLogger } from './event-log.js';
import { StartBehind } from './start-behind.js';
import { SignalWarning } from './signal-warning.js';
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
  readonly #behind: StartBehind;
  #starting: Promise<void> | undefined;
  #stopped: Promise<void> | undefined;

  /** @param declareJobs tells the pool of every handler; asked once, before the start */
  constructor(instance: WorkInstance, pool: WorkerPool, declareJobs: () => Promise<void>) {
    this.#instance = instance;
    this.#pool = pool;
    this.#declareJobs = declareJobs;
    this.#signals = new SignalWarning(workLogger(instance.name));
    this.#behind = new StartBehind(instance, pool);
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
    const { options } = this.#instance;
    this.#tellStart();
    if (options.worker) await this.#startPool();
    else if (options.whenRedisIsDown === 'fail') await this.#instance.answered();
  }

  #tellStart(): void {
    const { name, options, connections, library } = this.#instance;
    const jobs = this.#instance.jobs();
    const logger = workLogger(name);
    const isValidated = library !== undefined || options.validation === false;
    for (const line of bannerLines(options, connections.target, jobs)) logger.log(line);
    for (const line of unvalidatedLines(jobs, isValidated)) logger.warn(line);
    for (const line of unusedTuningLines(options, jobs)) logger.warn(line);
  }

  async #startPool(): Promise<void> {
    await this.#declareJobs();
    if (this.#stopped) return;
    this.#signals.start();
    if (this.#instance.options.whenRedisIsDown === 'fail') await this.#pool.start();
    else await this.#behind.start();
  }

  async #stop(): Promise<void> {
    this.#signals.stop();
    this.#behind.abandon();
    await this.#pool.stop(); // ends a start that waits for Redis
    await this.#starting?.catch(() => {}); // whoever started it has its error
    await this.#behind.settled();
  }

  /** Nest runs no destroy hook after a start that failed, and what is open would keep the process alive. */
  async #abandon(): Promise<void> {
    this.#starting = undefined;
    await this.#instance.application.stop();
    await this.#instance.close();
  }
}

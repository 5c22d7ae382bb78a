import type { OnApplicationShutdown, OnModuleInit } from '@nestjs/common';
import type { WorkInstance } from './work-instance.js';

/**
 * Its module is placed so that its init hook is the first and its shutdown hook the last of all: the Enqueuer works in
 * every hook of the application, from the first to the last.
 */
export class ConnectionsHost implements OnModuleInit, OnApplicationShutdown {
  readonly #instance: WorkInstance;

  constructor(instance: WorkInstance) {
    this.#instance = instance;
  }

  /** @throws whatever is wrong with a declaration: the application does not start */
  onModuleInit(): void {
    this.#instance.application.complete();
    this.#instance.jobs();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#instance.close();
  }
}

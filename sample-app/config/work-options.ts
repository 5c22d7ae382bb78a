import { Injectable } from '@nestjs/common';
import { ConfigService } from '@nestjs/config';
import type { WorkModuleOptions, WorkOptionsFactory } from 'nestjs-work';
import { JobTimer } from '../jobs/job-timer.js';

/** Every setting comes from the environment, or from a file .env. */
@Injectable()
export class WorkOptions implements WorkOptionsFactory {
  constructor(private readonly config: ConfigService) {}

  createWorkOptions(): WorkModuleOptions {
    return {
      namespace: this.config.get('NESTJS_WORK_NAMESPACE', 'sample_app'),
      connection: this.config.get('REDIS_URL', 'redis://127.0.0.1:6379'),
      concurrency: this.#number('WORK_CONCURRENCY', 10),
      gracePeriodMs: this.#number('WORK_GRACE_PERIOD_MS', 25_000),
      enqueueTimeoutMs: this.#number('WORK_ENQUEUE_TIMEOUT_MS', 5_000),
      worker: this.config.get('WORKER', 'true') !== 'false',
      middleware: [JobTimer],
    };
  }

  #number(name: string, fallback: number): number {
    const given = this.config.get<string>(name);
    if (given === undefined || given === '') return fallback;
    const value = Number(given);
    if (Number.isNaN(value)) throw new Error(`${name} must be a number, and is "${given}".`);
    return value;
  }
}

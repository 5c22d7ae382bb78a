import 'reflect-metadata';
import type { INestApplication, LoggerService } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Enqueuer, WorkClient, WorkEvents, type JobDocument, type JobOutcome, type WorkEvent } from 'nestjs-work';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import request from 'supertest';
import { waitFor, type TestRedis } from '../../../test/support/index.js';

type JobFinished = Extract<WorkEvent, { type: 'job_finished' }>;

export interface ServiceSettings {
  /** @default that of the sample application */
  readonly gracePeriodMs?: number;
  readonly logger?: LoggerService;
}

/** The sample application as it is, in a namespace and with an outbox of its own. */
export class SampleService {
  readonly #events: WorkEvent[] = [];

  private constructor(
    readonly app: INestApplication,
    private readonly outbox: string,
  ) {
    app.get(WorkEvents).subscribe((event) => void this.#events.push(event));
  }

  static async start({ url, namespace }: TestRedis, settings: ServiceSettings = {}): Promise<SampleService> {
    const outbox = await mkdtemp(join(tmpdir(), 'nestjs-work-sample-'));
    const { gracePeriodMs = 25_000, logger = false } = settings;
    const environment = { REDIS_URL: url, NESTJS_WORK_NAMESPACE: namespace, OUTBOX: outbox };
    Object.assign(process.env, environment, { WORK_GRACE_PERIOD_MS: String(gracePeriodMs) });
    // Decorators read the environment when their module is loaded: a test may set REPORT_CRON until now.
    const { AppModule } = await import('../../app.module.js');
    const app = await NestFactory.create(AppModule, { logger, abortOnError: false });
    const service = new SampleService(app, outbox);
    await app.init().catch(async (error: unknown) => {
      await service.stop();
      throw error;
    });
    return service;
  }

  get enqueuer(): Enqueuer {
    return this.app.get(Enqueuer);
  }

  get client(): WorkClient {
    return this.app.get(WorkClient);
  }

  get http() {
    return request(this.app.getHttpServer() as Server);
  }

  /** Resolves with every run of a job that has ended, as soon as there are `count` of them. */
  async runs(jobId: string, count = 1): Promise<JobFinished[]> {
    const isOfJob = (event: WorkEvent): event is JobFinished => event.type === 'job_finished' && event.jobId === jobId;
    const runs = () => this.#events.filter(isOfJob);
    return await waitFor(`${count} runs of ${jobId}`, () => runs().length >= count && runs());
  }

  /** The same, with what became of each. */
  async fates(jobId: string, count = 1): Promise<JobOutcome[]> {
    return (await this.runs(jobId, count)).map(({ outcome }) => outcome);
  }

  /** Resolves with the job in the dead set that was given up first, as soon as there is one. */
  async firstDead(): Promise<JobDocument> {
    return await waitFor('a dead job', async () => {
      const [entry] = (await this.client.deadJobs()).jobs;
      return entry?.kind === 'job' && entry.job;
    });
  }

  /** Names and texts of the files in the outbox. */
  async mails(): Promise<ReadonlyMap<string, string>> {
    const names = await readdir(this.outbox);
    const texts = await Promise.all(names.map((name) => readFile(join(this.outbox, name), 'utf8')));
    return new Map(names.map((name, index) => [name, texts[index] ?? '']));
  }

  async stop(): Promise<void> {
    await this.app.close();
    await rm(this.outbox, { recursive: true, force: true });
  }
}

import 'reflect-metadata';
import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Enqueuer, WorkClient, WorkEvents, type JobDocument, type JobOutcome, type WorkEvent } from 'nestjs-work';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import request from 'supertest';
import { LogLines } from '../../../test/e2e/support/work-app.js';
import { waitFor, type TestRedis } from '../../../test/support/index.js';

type JobFinished = Extract<WorkEvent, { type: 'job_finished' }>;

/** Of the sample application's environment, besides where its Redis and its outbox are. */
export type ServiceSettings = Readonly<Record<`WORK_${string}`, string>>;

/** The sample application as it is, in a namespace and with an outbox of its own. */
export class SampleService {
  readonly #events: WorkEvent[] = [];

  private constructor(
    readonly app: INestApplication,
    readonly logs: LogLines,
    private readonly outbox: string,
  ) {
    app.get(WorkEvents).subscribe((event) => void this.#events.push(event));
  }

  static async start({ url, namespace }: TestRedis, settings: ServiceSettings = {}): Promise<SampleService> {
    const outbox = await mkdtemp(join(tmpdir(), 'nestjs-work-sample-'));
    const environment = { REDIS_URL: url, NESTJS_WORK_NAMESPACE: namespace, OUTBOX: outbox };
    for (const name of Object.keys(process.env)) if (name.startsWith('WORK_')) delete process.env[name];
    Object.assign(process.env, environment, settings);
    // Decorators read the environment when their module is loaded: a test may set REPORT_CRON until now.
    const { AppModule } = await import('../../app.module.js');
    const logs = new LogLines();
    let app: INestApplication | undefined;
    try {
      app = await NestFactory.create(AppModule, { logger: logs, abortOnError: false });
      const service = new SampleService(app, logs, outbox);
      await app.init();
      return service;
    } catch (error) {
      await app?.close();
      await rm(outbox, { recursive: true });
      throw error;
    }
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

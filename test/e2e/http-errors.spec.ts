import 'reflect-metadata';
import {
  Catch,
  Controller,
  Get,
  NotFoundException,
  Post,
  ServiceUnavailableException,
  type ArgumentsHost,
  type INestApplication,
} from '@nestjs/common';
import { APP_FILTER, BaseExceptionFilter } from '@nestjs/core';
import {
  Enqueuer,
  EnqueueTimeoutError,
  JobNotFoundError,
  RedisLostError,
  UnknownJobTypeError,
  WorkClient,
  WorkModule,
} from 'nestjs-work';
import request from 'supertest';
import { describeRedis, ownRedis, type OwnRedis } from '../support/index.js';
import { buildApp } from './support/work-app.js';

@Controller()
class Dashboard {
  constructor(
    private readonly client: WorkClient,
    private readonly enqueuer: Enqueuer,
  ) {}
  @Get('queues')
  queues() {
    return this.client.queues();
  }
  @Post('retry')
  retry() {
    return this.client.retryDeadJob(1, 'gone');
  }
  @Post('pause')
  pause() {
    return this.client.pause('mial');
  }
  @Post('enqueue')
  enqueue() {
    return this.enqueuer.enqueue('mail', null);
  }
}

/** As docs/operating.md has it. */
@Catch(JobNotFoundError, UnknownJobTypeError, RedisLostError, EnqueueTimeoutError)
class WorkErrorFilter extends BaseExceptionFilter {
  override catch(error: Error, host: ArgumentsHost) {
    const isMissing = error instanceof JobNotFoundError || error instanceof UnknownJobTypeError;
    const missing = () => new NotFoundException(error.message);
    const away = () => new ServiceUnavailableException('The job queue does not answer');
    // oxlint-disable-next-line promise/valid-params -- a filter's catch, not a promise's
    super.catch(isMissing ? missing() : away(), host);
  }
}

describeRedis('A dashboard with a filter of a few lines', () => {
  let redis: OwnRedis;
  let app: INestApplication;
  beforeEach(async () => {
    redis = await ownRedis();
    const options = { namespace: 'shop', connection: redis.url, worker: false, enqueueTimeoutMs: 100 };
    const imports = [WorkModule.forRoot({ ...options, knownJobs: 'any' })];
    const filter = { provide: APP_FILTER, useClass: WorkErrorFilter };
    ({ app } = await buildApp({ imports, controllers: [Dashboard], providers: [filter] }));
    await app.init();
  });
  afterEach(async () => {
    await app.close();
    await redis.kill();
  });
  const http = () => request(app.getHttpServer() as never);

  it('answers 404 for what is not there', async () => {
    const { body } = (await http().post('/retry').expect(404)) as { body: { message: string } };
    expect(body.message).toContain('no job "gone" stands in shop:dead any more');
    await http().post('/pause').expect(404);
    await http().get('/queues').expect(200);
  });

  it('answers 503 where Redis is not there', async () => {
    await redis.kill();
    await http().get('/queues').expect(503);
    const { body } = (await http().post('/enqueue').expect(503)) as { body: object };
    expect(body).toMatchObject({ message: 'The job queue does not answer' });
  });
});

import 'reflect-metadata';
import {
  BadRequestException,
  Body,
  Catch,
  Controller,
  Get,
  Post,
  type ArgumentsHost,
  type INestApplication,
} from '@nestjs/common';
import { APP_FILTER, BaseExceptionFilter } from '@nestjs/core';
import { IsEmail, IsInt } from 'class-validator';
import { Enqueuer, InvalidArgumentsError, Job, WorkClient, WorkerPool, WorkModule } from 'nestjs-work';
import request from 'supertest';
import { describeRedis } from '../support/index.js';
import { appsInTest } from './support/apps-in-test.js';
import { buildApp } from './support/work-app.js';

class SignUp {
  @IsEmail()
  email!: string;
  @IsInt()
  age!: number;
}

class Jobs {
  @Job('sign_up', { maxFails: 1 })
  signUp(_args: SignUp) {
    throw new Error('no such plan');
  }
}

@Controller()
class Http {
  constructor(
    private readonly enqueuer: Enqueuer,
    private readonly client: WorkClient,
  ) {}
  @Post('sign-up')
  signUp(@Body() body: object) {
    return this.enqueuer.enqueue('sign_up', body);
  }
  @Get('dead')
  dead() {
    return this.client.deadJobs();
  }
}

/** As the README has it. */
@Catch(InvalidArgumentsError)
class InvalidArgumentsFilter extends BaseExceptionFilter {
  override catch({ problems }: InvalidArgumentsError, host: ArgumentsHost) {
    const messages = problems.map(({ path, reason }) => `${path} ${reason}`);
    // oxlint-disable-next-line promise/valid-params -- a filter's catch, not a promise's
    super.catch(new BadRequestException(messages), host);
  }
}

describeRedis('A controller', () => {
  const apps = appsInTest();
  let app: INestApplication;
  beforeEach(async () => {
    const filter = { provide: APP_FILTER, useClass: InvalidArgumentsFilter };
    const imports = [WorkModule.forRoot(apps.options({ appWideEnhancers: true }))];
    ({ app } = await buildApp({ imports, controllers: [Http], providers: [Jobs, filter] }));
    await app.init();
  });
  afterEach(() => app.close());
  const http = () => request(app.getHttpServer() as never);

  it('answers what was enqueued', async () => {
    const { body } = await http().post('/sign-up').send({ email: 'ada@example.org', age: 36 }).expect(201);
    expect(body).toEqual({
      id: expect.any(String) as string,
      name: 'sign_up',
      enqueuedAt: expect.any(String) as string,
    });
  });

  it('answers 400 with every bad field where a filter of a few lines makes it so', async () => {
    const { body } = await http().post('/sign-up').send({ email: 'ada' }).expect(400);
    expect(body).toMatchObject({
      error: 'Bad Request',
      message: ['args.email must be an email', 'args.age must be an integer number'],
    });
  });

  it('answers a page of jobs as it is', async () => {
    await http().post('/sign-up').send({ email: 'ada@example.org', age: 36 }).expect(201);
    await app.get(WorkerPool).drain();
    const { body } = await http().get('/dead').expect(200);
    expect(body).toMatchObject({
      count: 1,
      jobs: [{ kind: 'job', job: { args: { email: 'ada@example.org', age: 36 }, err: 'no such plan', fails: 1 } }],
    });
    expect(JSON.stringify(body)).not.toContain('argsBytes');
  });
});

import 'reflect-metadata';
import { Global, Injectable, Module, type ModuleMetadata } from '@nestjs/common';
import { ConfigModule, ConfigService } from '@nestjs/config';
import { IsString } from 'class-validator';
import {
  DuplicateInstanceError,
  Enqueuer,
  getEnqueuerToken,
  getWorkClientToken,
  getWorkerPoolToken,
  getWorkEventsToken,
  InjectEnqueuer,
  InjectWorkClient,
  InvalidJobDeclarationError,
  InvalidOptionError,
  Job,
  JobContext,
  UnknownInstanceError,
  WorkClient,
  WorkerPool,
  WorkEvents,
  WorkModule,
  type JobTuning,
  type WorkMiddleware,
  type WorkModuleOptions,
  type WorkOptionsFactory,
} from 'nestjs-work';
import { instanceToken } from '../../src/lifecycle/work-connections.module.js';
import { TUNING } from '../../src/options/job-options.js';
import { resolveWorkOptions, RULES } from '../../src/options/resolved-work-options.js';
import { describeRedis, testRedis, waitFor, type TestRedis } from '../support/index.js';
import { buildApp, startApp, type WorkApp } from './support/work-app.js';

describeRedis('WorkModule', () => {
  let test: TestRedis;
  const open: WorkApp[] = [];
  beforeEach(() => void (test = testRedis()));
  afterEach(async () => {
    for (const { app } of open.splice(0)) await app.close();
    await test.close();
  });

  const options = (more: Partial<WorkModuleOptions> = {}): WorkModuleOptions => ({
    namespace: test.namespace,
    connection: test.url,
    worker: false,
    knownJobs: ['some_job'],
    ...more,
  });

  async function start(metadata: ModuleMetadata): Promise<WorkApp> {
    const built = await buildApp(metadata);
    open.push(built);
    await built.app.init();
    return built;
  }

  const failure = (metadata: ModuleMetadata): Promise<unknown> =>
    start(metadata).then(
      () => undefined,
      (error: unknown) => error,
    );

  async function expectWorking(app: WorkApp['app'], name?: string): Promise<void> {
    const enqueuer = app.get<Enqueuer>(getEnqueuerToken(name));
    await enqueuer.enqueue('some_job', { n: 1 });
    const queues = await app.get<WorkClient>(getWorkClientToken(name)).queues();
    expect(queues.map((queue) => queue.jobName)).toContain('some_job');
  }

  it('gives Enqueuer, WorkClient, WorkerPool, WorkEvents and JobContext to every module', async () => {
    @Injectable()
    class Feature {
      constructor(
        readonly enqueuer: Enqueuer,
        readonly client: WorkClient,
        readonly pool: WorkerPool,
        readonly events: WorkEvents,
        readonly context: JobContext,
      ) {}
    }
    @Module({ providers: [Feature] })
    class FeatureModule {}
    const { app } = await start({ imports: [FeatureModule, WorkModule.forRoot(options())] });
    const feature = app.get(Feature);
    expect(feature.enqueuer).toBeInstanceOf(Enqueuer);
    expect(feature.client).toBeInstanceOf(WorkClient);
    expect(feature.pool).toBeInstanceOf(WorkerPool);
    expect(feature.events).toBeInstanceOf(WorkEvents);
    expect(feature.context).toBeInstanceOf(JobContext);
    await expectWorking(app);
  });

  it('must be configured somewhere: the class as it is gives nothing', async () => {
    const error = await failure({ imports: [WorkModule] });
    expect(error).toBeInstanceOf(InvalidOptionError);
    expect((error as Error).message).toBe(
      'WorkModule has no options, since it is imported as it is. Import WorkModule.forRoot({ namespace }) in the root module.',
    );
    @Module({ imports: [WorkModule] })
    class Feature {}
    await expectWorking((await start({ imports: [Feature, WorkModule.forRoot(options())] })).app);
  });

  it('gives a process that only enqueues a pool that says so', async () => {
    const { app } = await start({ imports: [WorkModule.forRoot(options())] });
    const refusal = {
      code: 'WORK_POOL_STATE',
      message: expect.stringMatching(/^This process runs no jobs \(worker: false\)/) as string,
    };
    await expect(app.get(WorkerPool).drain()).rejects.toMatchObject(refusal);
    await expect(app.get(WorkerPool).start()).rejects.toMatchObject(refusal);
  });

  describe('forRootAsync', () => {
    /** Reads the options of the module under `work`, and its imports. */
    function configured(work: WorkModuleOptions): ModuleMetadata['imports'] {
      const config = ConfigModule.forRoot({ ignoreEnvFile: true, load: [() => ({ work })] });
      const fromConfig = WorkModule.forRootAsync({
        imports: [config],
        inject: [ConfigService],
        useFactory: async (service: ConfigService) => {
          await new Promise((resolve) => setImmediate(resolve));
          return service.getOrThrow<WorkModuleOptions>('work');
        },
      });
      return [config, fromConfig];
    }

    it('takes every option from ConfigService', async () => {
      @Injectable()
      class Timed implements WorkMiddleware {
        use = (_job: JobContext, next: () => Promise<unknown>) => next();
      }
      const given: Required<WorkModuleOptions> = {
        namespace: test.namespace,
        connection: test.url,
        worker: false,
        concurrency: 3,
        enqueueTimeoutMs: 6_000,
        gracePeriodMs: 1_000,
        maxBlockedMs: 20_000,
        retryUnknownJobs: true,
        whenRedisIsDown: 'wait',
        validation: { whitelist: true },
        middleware: [Timed],
        appWideEnhancers: true,
        jobs: { mail: { maxFails: 2 } },
        knownJobs: ['pack'],
        jsonEscapes: 'go1.21',
      };
      const { app } = await start({ imports: configured(given), providers: [Timed] });
      const { options: taken } = app.get(instanceToken(undefined));
      const byDefault = resolveWorkOptions({ namespace: 'other' });
      for (const option of Object.keys(RULES) as (keyof typeof RULES)[]) {
        expect({ [option]: taken[option] }).not.toEqual({ [option]: byDefault[option] });
        expect({ [option]: taken[option] }).toEqual({ [option]: given[option] });
      }
    });

    it('takes every option of single jobs from ConfigService, which wins over the decorator', async () => {
      class Mail {
        @IsString() to!: string;
      }
      class Mails {
        @Job('mail', { priority: 2, maxFails: 9, maxConcurrency: 3, skipDead: false, onInvalidArguments: 'dead' })
        send(_mail: Mail) {}
      }
      const mail: Required<JobTuning> = {
        priority: 7,
        maxFails: 5,
        maxConcurrency: 2,
        skipDead: true,
        backoff: () => 3_600,
        onInvalidArguments: 'retry',
      };
      const declared = jest.spyOn(WorkerPool.prototype, 'job');
      const { app } = await start({
        imports: configured(options({ worker: true, jobs: { mail } })),
        providers: [Mails],
      });
      const [, given] = declared.mock.lastCall!;
      declared.mockRestore();
      for (const option of TUNING.filter((each) => each !== 'onInvalidArguments')) {
        expect({ [option]: mail[option] }).toEqual({ [option]: expect.anything() });
        expect({ [option]: given[option] }).toEqual({ [option]: mail[option] });
      }

      await new Enqueuer({ redis: test.redis, keyspace: test.keyspace }).enqueue('mail', { to: 7 });
      const retried = await waitFor('the invalid job to be retried', async () => {
        const page = await app.get(WorkClient).retryJobs();
        return page.jobs[0];
      });
      expect(retried).toMatchObject({ job: { name: 'mail', fails: 1 } });
    });

    it('takes them from a class, made for it or existing elsewhere', async () => {
      @Injectable()
      class Settings implements WorkOptionsFactory {
        createWorkOptions() {
          return Promise.resolve(options());
        }
      }
      @Module({ providers: [Settings], exports: [Settings] })
      class SettingsModule {}
      const { app } = await start({ imports: [WorkModule.forRootAsync({ useClass: Settings })] });
      await expectWorking(app);
      const { app: other } = await start({
        imports: [WorkModule.forRootAsync({ imports: [SettingsModule], useExisting: Settings })],
      });
      await expectWorking(other);
    });

    it('takes them from a class that exists in a global module', async () => {
      class Settings implements WorkOptionsFactory {
        createWorkOptions() {
          return options();
        }
      }
      @Global()
      @Module({ providers: [Settings], exports: [Settings] })
      class SettingsModule {}
      const { app } = await start({ imports: [SettingsModule, WorkModule.forRootAsync({ useExisting: Settings })] });
      await expectWorking(app);
    });

    it('is refused without any way to get options, and with two', () => {
      expect(() => WorkModule.forRootAsync({})).toThrow(InvalidOptionError);
      class Settings {
        createWorkOptions = () => options();
      }
      expect(() => WorkModule.forRootAsync({ useClass: Settings, useExisting: Settings })).toThrow(/useExisting/);
    });
  });

  describe('with names', () => {
    it('is several instances, each with its own Enqueuer, client, pool and jobs', async () => {
      const ran: string[] = [];
      @Injectable()
      class Jobs {
        constructor(
          readonly enqueuer: Enqueuer,
          @InjectEnqueuer('mails') readonly mails: Enqueuer,
          @InjectWorkClient('mails') readonly mailClient: WorkClient,
        ) {}
        @Job('report')
        unnamed(_args: object, job: JobContext) {
          ran.push(`unnamed ${job.id}`);
        }
        @Job('report', { instance: 'mails' })
        named(_args: object, job: JobContext) {
          ran.push(`mails ${job.id}`);
        }
      }
      const { app } = await start({
        imports: [
          WorkModule.forRoot(options({ worker: true })),
          WorkModule.forRootAsync({
            name: 'mails',
            useFactory: () => options({ worker: true, namespace: `${test.namespace}:mails` }),
          }),
        ],
        providers: [Jobs],
      });
      const { enqueuer, mails, mailClient } = app.get(Jobs);
      expect(app.get(getWorkerPoolToken('mails'))).not.toBe(app.get(WorkerPool));
      expect(app.get(getWorkEventsToken('mails'))).not.toBe(app.get(WorkEvents));
      expect(mailClient).not.toBe(app.get(WorkClient));
      const first = await enqueuer.enqueue('report', {});
      const second = await mails.enqueue('report', {});
      await waitFor('both to run', () => ran.length === 2);
      expect(ran.sort()).toEqual([`mails ${second.id}`, `unnamed ${first.id}`]);
    });

    it('works with named instances alone', async () => {
      const { app } = await start({ imports: [WorkModule.forRoot({ name: 'only', ...options() })] });
      await expectWorking(app, 'only');
    });

    it('is refused twice under one name, or twice without', async () => {
      const twice = (name?: string) =>
        [
          { ...options(), name },
          { ...options(), name },
        ].map((each) => WorkModule.forRoot(each as never));
      expect(await failure({ imports: twice('mails') })).toBeInstanceOf(DuplicateInstanceError);
      const error = await failure({ imports: twice() });
      expect(error).toMatchObject({
        code: 'WORK_DUPLICATE_INSTANCE',
        message: expect.stringContaining('the unnamed instance'),
      });
    });

    it('may be imported in two modules: that is one instance', async () => {
      const work = WorkModule.forRoot(options());
      @Module({ imports: [work] })
      class Feature {}
      const { app } = await start({ imports: [work, Feature] });
      await expectWorking(app);
    });

    it('is refused for a handler whose instance does not exist, naming class and method', async () => {
      class Jobs {
        @Job('report', { instance: 'mail' })
        run() {}
      }
      const imports = [WorkModule.forRoot({ name: 'mails', ...options() })];
      const error = await failure({ imports, providers: [Jobs] });
      expect(error).toBeInstanceOf(UnknownInstanceError);
      expect((error as Error).message).toMatch(/@Job\("report"\) on Jobs\.run belongs to instance "mail".*"mails"/);
    });
  });

  describe('refuses to start', () => {
    it.each([
      ['an option that is wrong', { concurrency: 0 }, InvalidOptionError, /concurrency/],
      ['a namespace that cannot be one', { namespace: 'a\nb' }, Error, /[Nn]amespace/],
      ['a connection with a keyPrefix', { connection: { keyPrefix: 'x' } }, Error, /namespace/],
    ])('with %s', async (_, wrong, type, message) => {
      const error = await failure({ imports: [WorkModule.forRoot(options(wrong))] });
      expect(error).toBeInstanceOf(type);
      expect((error as Error).message).toMatch(message);
    });

    it('with an option of a job that is wrong, naming class and method', async () => {
      class Jobs {
        @Job('report', { maxFails: 0 })
        run() {}
      }
      const error = await failure({ imports: [WorkModule.forRoot(options({ worker: true }))], providers: [Jobs] });
      expect(error).toBeInstanceOf(InvalidJobDeclarationError);
      expect((error as Error).message).toMatch(/@Job\("report"\) on Jobs\.run: .*maxFails is 0/);
    });

    it.each([
      ['onInvalidArguments', 'retyr', 'is \'retyr\', and must be "dead" or "retry".'],
      ['maxFails', Number.NaN, 'is NaN, and must be a whole number of at least 1.'],
    ])('with %s of a job that configuration gives wrongly, naming where it stands', async (option, value, problem) => {
      class Jobs {
        @Job('report')
        run() {}
      }
      const jobs = { report: { [option]: value } };
      const error = await failure({
        imports: [WorkModule.forRoot(options({ worker: true, jobs }))],
        providers: [Jobs],
      });
      expect(error).toBeInstanceOf(InvalidOptionError);
      expect((error as Error).message).toBe(`WorkModule option "jobs.report.${option}" ${problem}`);
    });
  });

  it('runs no jobs with worker: false', async () => {
    class Jobs {
      @Job('report')
      run() {}
    }
    const { app, logs } = await startApp(options(), { providers: [Jobs] });
    open.push({ app, logs });
    expect(app.get(WorkerPool).poolId).toBe('');
    expect(logs.matching(/\[Work\] Enqueues into namespace .*worker: false/)).toHaveLength(1);
  });
});

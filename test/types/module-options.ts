// Type-checked, never run: each line below a `@ts-expect-error` must not compile, everything else must.
import { Injectable } from '@nestjs/common';
import { ConfigService } from '@nestjs/config';
import {
  InjectEnqueuer,
  JobContext,
  WorkModule,
  type Enqueuer,
  type WorkMiddleware,
  type WorkModuleOptions,
  type WorkOptionsFactory,
} from 'nestjs-work';

@Injectable()
class Timed implements WorkMiddleware {
  constructor(@InjectEnqueuer('mails') readonly mails: Enqueuer) {}
  async use(_job: JobContext, next: () => Promise<unknown>) {
    await next();
  }
}

class Settings implements WorkOptionsFactory {
  createWorkOptions(): WorkModuleOptions {
    return { namespace: 'shop' };
  }
}

export const modules = [
  WorkModule.forRoot({ namespace: 'shop' }),
  WorkModule.forRoot({
    name: 'mails',
    namespace: 'shop',
    connection: { host: 'redis', sentinels: [{ host: 'a', port: 1 }], name: 'mymaster' },
    worker: false,
    concurrency: 50,
    enqueueTimeoutMs: 1_000,
    gracePeriodMs: 10_000,
    whenRedisIsDown: 'wait',
    validation: { whitelist: true, forbidNonWhitelisted: true, transformOptions: { enableImplicitConversion: true } },
    middleware: [Timed],
    appWideEnhancers: true,
    jobs: { send_email: { priority: 3, onInvalidArguments: 'retry' } },
    knownJobs: ['index_document'],
  }),
  WorkModule.forRoot({ namespace: 'shop', connection: { nodes: [{ host: 'a', port: 7000 }] }, validation: false }),
  WorkModule.forRootAsync({
    inject: [ConfigService],
    useFactory: (config: ConfigService) => ({ namespace: config.getOrThrow<string>('NAMESPACE'), middleware: [Timed] }),
  }),
  WorkModule.forRoot({ namespace: 'shop', knownJobs: 'any' }),
  WorkModule.forRootAsync({ useFactory: async () => await Promise.resolve({ namespace: 'shop' }) }),
  WorkModule.forRootAsync({
    inject: [ConfigService],
    useFactory: (config: ConfigService) => config.getOrThrow<WorkModuleOptions>('work'),
  }),
  WorkModule.forRootAsync({
    useFactory: (): WorkModuleOptions => ({
      namespace: 'shop',
      whenRedisIsDown: 'wait',
      validation: { whitelist: true },
    }),
  }),
  WorkModule.forRootAsync({
    useFactory: () => ({
      namespace: 'shop',
      whenRedisIsDown: 'wait',
      knownJobs: 'any',
      validation: Math.random() > 2 ? false : { whitelist: true },
      jobs: { a: { onInvalidArguments: 'retry' } },
    }),
  }),
  WorkModule.forRootAsync({ name: 'mails', useClass: Settings }),
  WorkModule.forRootAsync({ useExisting: Settings, imports: [] }),
];

export const wrong = [
  // @ts-expect-error a namespace must be given
  () => WorkModule.forRoot({}),
  // @ts-expect-error no such option
  () => WorkModule.forRoot({ namespace: 'shop', concurency: 1 }),
  // @ts-expect-error what only makes sense over HTTP is not taken
  () => WorkModule.forRoot({ namespace: 'shop', validation: { exceptionFactory: () => new Error() } }),
  // @ts-expect-error neither names nor 'any'
  () => WorkModule.forRoot({ namespace: 'shop', knownJobs: 'all' }),
  // @ts-expect-error no middleware
  () => WorkModule.forRoot({ namespace: 'shop', middleware: [Settings] }),
  // @ts-expect-error the class of the arguments belongs to the handler
  () => WorkModule.forRoot({ namespace: 'shop', jobs: { send_email: { args: Settings } } }),
  // @ts-expect-error a factory must give a namespace
  () => WorkModule.forRootAsync({ useFactory: () => ({ concurrency: 1 }) }),
  // @ts-expect-error what a factory gives must exist
  () => WorkModule.forRootAsync({ useFactory: () => ({ namespace: 'shop', concurency: 1 }) }),
  () =>
    WorkModule.forRootAsync({
      // @ts-expect-error nor may a promise have more
      useFactory: async () => await Promise.resolve({ namespace: 'shop', concurency: 1 }),
    }),
  // @ts-expect-error no such option of the validation
  () => WorkModule.forRootAsync({ useFactory: () => ({ namespace: 'shop', validation: { whitelst: true } }) }),
  () =>
    WorkModule.forRootAsync({
      inject: [ConfigService],
      // @ts-expect-error with what is injected, too
      useFactory: (config: ConfigService) => ({ namespace: config.getOrThrow<string>('NAMESPACE'), concurency: 1 }),
    }),
  // @ts-expect-error the class makes no options
  () => WorkModule.forRootAsync({ useClass: Timed }),
];

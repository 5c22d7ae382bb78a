import 'reflect-metadata';
import { Injectable, type ModuleMetadata } from '@nestjs/common';
import {
  Enqueuer,
  getEnqueuerToken,
  Job,
  Periodic,
  UnknownJobError,
  WorkModule,
  type WorkModuleNaming,
  type WorkModuleOptions,
} from 'nestjs-work';
import { describeRedis, testRedis, type TestRedis } from '../support/index.js';
import { buildApp, type WorkApp } from './support/work-app.js';

@Injectable()
class Handlers {
  @Job('mail', { args: null })
  mail() {}

  @Periodic('0 0 1 1 *', { name: 'yearly', timezone: 'UTC' })
  yearly() {}

  @Job('report', { args: null, instance: 'reports' })
  report() {}
}

describeRedis('a job that nobody knows', () => {
  let test: TestRedis;
  const open: WorkApp[] = [];
  beforeEach(() => void (test = testRedis()));
  afterEach(async () => {
    for (const { app } of open.splice(0)) await app.close();
    await test.close();
  });

  const module = (more: Partial<WorkModuleOptions> & WorkModuleNaming = {}) =>
    WorkModule.forRoot({ namespace: test.namespace, connection: test.url, worker: false, ...more });

  async function enqueuerOf(metadata: ModuleMetadata): Promise<Enqueuer> {
    const built = await buildApp(metadata);
    open.push(built);
    await built.app.init();
    return built.app.get<Enqueuer>(getEnqueuerToken());
  }

  const both = () => [module(), module({ name: 'reports', namespace: `${test.namespace}r` })];

  it('is refused with the names that are handled here, and nothing is written', async () => {
    const enqueuer = await enqueuerOf({ imports: both(), providers: [Handlers] });
    const error = await enqueuer.enqueue('send', null).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(UnknownJobError);
    expect(String(error)).toMatch(/"send".*handled here: mail, yearly.*knownJobs: \["send"\]/);
    expect(await test.redis.keys(`${test.namespace}:*`)).toEqual([]);
  });

  it('is refused with the name that is likely meant', async () => {
    const enqueuer = await enqueuerOf({ imports: both(), providers: [Handlers] });
    await expect(enqueuer.enqueue('yaerly', null)).rejects.toThrow('Did you mean "yearly"?');
    await expect(enqueuer.enqueue('something', null)).rejects.toThrow(
      /its handler is among the providers of a module\./,
    );
    const listing = await enqueuerOf({ imports: [module({ knownJobs: ['invoice'] })] });
    await expect(listing.enqueue('invioce', null)).rejects.toThrow('Did you mean "invoice"?');
  });

  it('is refused with a hint where another instance handles it', async () => {
    const enqueuer = await enqueuerOf({ imports: both(), providers: [Handlers] });
    await expect(enqueuer.enqueue('report', null)).rejects.toThrow(/@InjectEnqueuer\("reports"\)/);
  });

  it('is none where this process has its handler, without a pool having ever run', async () => {
    const enqueuer = await enqueuerOf({ imports: both(), providers: [Handlers] });
    await enqueuer.enqueue('mail', null);
    await enqueuer.enqueue('yearly', null);
    expect(await test.redis.llen(test.keyspace.queue('mail'))).toBe(1);
  });

  it('is none in an API process as soon as a worker of another process has registered it', async () => {
    const api = await enqueuerOf({ imports: [module()] });
    await expect(api.enqueue('mail', null)).rejects.toThrow(UnknownJobError);
    await enqueuerOf({ imports: [module({ worker: true }), module({ name: 'reports' })], providers: [Handlers] });
    await api.enqueue('mail', null);
    await api.enqueue('yearly', null);
  });

  it('is accepted where the options list it, or accept any', async () => {
    const listed = await enqueuerOf({ imports: [module({ knownJobs: ['later'] })] });
    await listed.enqueue('later', null);
    await expect(listed.enqueue('latter', null)).rejects.toThrow(UnknownJobError);
    await (await enqueuerOf({ imports: [module({ knownJobs: 'any' })] })).enqueue('latter', null);
  });

  it('is not judged while the application is put together', async () => {
    let early: Promise<unknown> | undefined;
    @Injectable()
    class Eager {
      constructor(enqueuer: Enqueuer) {
        early = enqueuer.enqueue('mail', null);
      }
    }
    await enqueuerOf({ imports: both(), providers: [Eager, { provide: 'late', useFactory: () => new Handlers() }] });
    expect(await early).toMatchObject({ name: 'mail' });
  });
});

import 'reflect-metadata';
import { Injectable, Module, type Type } from '@nestjs/common';
import { Enqueuer, WorkClient, WorkModule } from 'nestjs-work';
import { describeRedis } from '../../support/index.js';
import { appsInTest } from '../support/apps-in-test.js';
import { buildApp } from '../support/work-app.js';

/** A provider whose every hook enqueues a job named after it. */
function enqueuingHooks(): Type {
  @Injectable()
  class Hooks {
    readonly inConstructor: Promise<unknown>;
    constructor(private readonly enqueuer: Enqueuer) {
      this.inConstructor = this.enqueuer.enqueue('constructor', {});
    }
    onModuleInit = () => this.enqueuer.enqueue('onModuleInit', {});
    onApplicationBootstrap = () => this.enqueuer.enqueue('onApplicationBootstrap', {});
    onModuleDestroy = () => this.enqueuer.enqueue('onModuleDestroy', {});
    beforeApplicationShutdown = () => this.enqueuer.enqueue('beforeApplicationShutdown', {});
    onApplicationShutdown = () => this.enqueuer.enqueue('onApplicationShutdown', {});
  }
  return Hooks;
}

describeRedis('The Enqueuer of an application', () => {
  const apps = appsInTest();
  const everywhere = [
    'beforeApplicationShutdown',
    'constructor',
    'onApplicationBootstrap',
    'onApplicationShutdown',
    'onModuleDestroy',
    'onModuleInit',
  ];

  it.each(['the root module', 'a module deep below it', 'a global module'])(
    'works in every hook of a provider in %s',
    async (where) => {
      const Hooks = enqueuingHooks();
      @Module({ providers: [Hooks] })
      class Deepest {}
      @Module({ imports: [Deepest] })
      class Deeper {}
      @Module({ imports: [Deeper] })
      class Deep {}
      const elsewhere = {
        'the root module': [],
        'a module deep below it': [Deep],
        'a global module': [{ module: Deepest, global: true }],
      }[where]!;
      const imports = [WorkModule.forRoot(apps.options({ worker: false })), ...elsewhere];
      const { app } = await buildApp({ imports, providers: where === 'the root module' ? [Hooks] : [] });
      await app.init();
      await app.get<{ inConstructor: Promise<unknown> }>(Hooks).inConstructor;
      await app.close();
      const queues = await new WorkClient({ redis: apps.redis.redis, keyspace: apps.redis.keyspace }).queues();
      expect(queues.map((queue) => queue.jobName).sort()).toEqual(everywhere);
    },
  );

  it('is closed when the application is, and says so', async () => {
    const { app } = await apps.start([], { worker: false });
    const enqueuer = app.get(Enqueuer);
    await app.close();
    await expect(enqueuer.enqueue('late', {})).rejects.toMatchObject({ code: 'WORK_ENQUEUER_CLOSED' });
  });
});

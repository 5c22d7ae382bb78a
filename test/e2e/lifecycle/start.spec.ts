import 'reflect-metadata';
import { Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Redis } from 'ioredis';
import { WorkerPool, WorkModule } from 'nestjs-work';
import { describeRedis, waitFor } from '../../support/index.js';
import { appsInTest } from '../support/apps-in-test.js';
import { fakeTime } from '../support/fake-time.js';
import { buildApp, LogLines } from '../support/work-app.js';

describeRedis('The start of an application with jobs', () => {
  const apps = appsInTest();
  let told: string[];
  beforeEach(() => void (told = []));

  it('starts after every hook of the start, and before the application is there', async () => {
    @Injectable()
    class Slow {
      constructor(private readonly pool: WorkerPool) {}
      async onApplicationBootstrap() {
        await new Promise((resolve) => setImmediate(resolve));
        told.push(`bootstrap ${this.pool.poolId}`);
      }
    }
    const { app } = await apps.start([Slow]);
    expect(told).toEqual(['bootstrap ']);
    expect(app.get(WorkerPool).poolId).not.toBe('');
  });

  it('starts after the hooks of the root module, also without HTTP', async () => {
    @Module({ imports: [WorkModule.forRoot(apps.options())] })
    class RootModule {
      constructor(private readonly pool: WorkerPool) {}
      onApplicationBootstrap() {
        told.push(`root ${this.pool.poolId}`);
      }
    }
    const context = await NestFactory.createApplicationContext(RootModule, { logger: new LogLines() });
    expect(told).toEqual(['root ']);
    expect(context.get(WorkerPool).poolId).not.toBe('');
    await context.close();
  });

  describe('that fails', () => {
    it('leaves no connection open, whoever makes it fail', async () => {
      const opened: Redis[] = [];
      const connection = () => {
        const redis = new Redis(apps.redis.url, { lazyConnect: true });
        opened.push(redis);
        return redis;
      };
      class Wrong {
        onModuleInit() {
          throw new Error('no database');
        }
      }
      const { app } = await buildApp({
        imports: [WorkModule.forRoot(apps.options({ connection }))],
        providers: [Wrong],
      });
      await expect(app.init()).rejects.toThrow('no database');
      expect(opened.map((redis) => redis.status)).toEqual(opened.map(() => 'wait'));
    });

    it('closes what it opened where the pool cannot start', async () => {
      await apps.redis.redis.set(apps.redis.keyspace.workerPools, 'no set');
      const opened: Redis[] = [];
      const connection = () => {
        const redis = new Redis(apps.redis.url);
        opened.push(redis);
        return redis;
      };
      const { app } = await buildApp({ imports: [WorkModule.forRoot(apps.options({ connection }))] });
      await expect(app.init()).rejects.toThrow(/WRONGTYPE/);
      await waitFor('every connection to end', () => opened.every((redis) => redis.status === 'end'));
    });
  });

  describe('warns', () => {
    const { pass } = fakeTime();

    it('a second after it where nothing listens to SIGTERM, and not where something does', async () => {
      const { logs } = await apps.start([]);
      expect(logs.matching(/SIGTERM/)).toEqual([]);
      await pass(1_000);
      expect(logs.matching(/SIGTERM/)).toEqual([expect.stringContaining('app.enableShutdownHooks()')]);
      const other = await apps.start([]);
      other.app.enableShutdownHooks(['SIGTERM']);
      await pass(1_000);
      expect(other.logs.matching(/SIGTERM/)).toEqual([]);
    });
  });
});

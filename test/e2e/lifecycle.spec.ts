import 'reflect-metadata';
import { Injectable, Module, type Provider, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import { Redis } from 'ioredis';
import {
  Enqueuer,
  getWorkerPoolToken,
  Job,
  JobContext,
  Periodic,
  WorkClient,
  WorkerPool,
  WorkEvents,
  WorkModule,
  type WorkModuleNaming,
  type WorkModuleOptions,
} from 'nestjs-work';
import { describeRedis, ownRedis, testRedis, waitFor, type TestRedis } from '../support/index.js';
import { buildApp, LogLines, startApp, type WorkApp } from './support/work-app.js';

/** A promise and what resolves it. */
function gate<T = void>() {
  let open!: (value: T) => void;
  const opened = new Promise<T>((resolve) => (open = resolve));
  return { opened, open };
}

describeRedis('The life of an application with jobs', () => {
  let test: TestRedis;
  let told: string[];
  const closing: WorkApp[] = [];
  beforeEach(() => {
    test = testRedis();
    told = [];
  });
  afterEach(async () => {
    for (const { app } of closing.splice(0)) await app.close();
    await test.close();
  });

  const options = (more: Partial<WorkModuleOptions> & WorkModuleNaming = {}): WorkModuleOptions & WorkModuleNaming => ({
    namespace: test.namespace,
    connection: test.url,
    knownJobs: 'any',
    ...more,
  });

  async function start(providers: Provider[], more: Partial<WorkModuleOptions> = {}): Promise<WorkApp> {
    const started = await startApp(options(more), { providers });
    closing.push(started);
    return started;
  }

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

  describe('The Enqueuer', () => {
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
        const imports = [WorkModule.forRoot(options({ worker: false })), ...elsewhere];
        const { app } = await buildApp({ imports, providers: where === 'the root module' ? [Hooks] : [] });
        await app.init();
        await app.get<{ inConstructor: Promise<unknown> }>(Hooks).inConstructor;
        await app.close();
        const queues = await new WorkClient({ redis: test.redis, keyspace: test.keyspace }).queues();
        expect(queues.map((queue) => queue.jobName).sort()).toEqual(everywhere);
      },
    );

    it('is closed when the application is, and says so', async () => {
      const { app } = await start([], { worker: false });
      const enqueuer = app.get(Enqueuer);
      await app.close();
      await expect(enqueuer.enqueue('late', {})).rejects.toMatchObject({ code: 'WORK_ENQUEUER_CLOSED' });
    });
  });

  describe('The pool', () => {
    it('starts after every hook of the start, and before the application is there', async () => {
      @Injectable()
      class Slow {
        constructor(private readonly pool: WorkerPool) {}
        async onApplicationBootstrap() {
          await new Promise((resolve) => setImmediate(resolve));
          told.push(`bootstrap ${this.pool.poolId}`);
        }
      }
      const { app } = await start([Slow]);
      expect(told).toEqual(['bootstrap ']);
      expect(app.get(WorkerPool).poolId).not.toBe('');
    });

    it('starts after the hooks of the root module, also without HTTP', async () => {
      @Module({ imports: [WorkModule.forRoot(options())] })
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

    it('lets running jobs end while all that they use still works, and only then lets others close', async () => {
      const begun = gate();
      const end = gate();
      @Injectable()
      class Database {
        isOpen = true;
        onModuleDestroy() {
          this.isOpen = false;
          told.push('database closed');
        }
      }
      @Injectable()
      class Jobs {
        constructor(
          private readonly database: Database,
          private readonly enqueuer: Enqueuer,
        ) {}
        @Job('slow')
        async run() {
          begun.open();
          await end.opened;
          await this.enqueuer.enqueue('next', {});
          told.push(`job ended, database ${this.database.isOpen ? 'open' : 'closed'}`);
        }
      }
      const { app } = await start([Database, Jobs]);
      await app.get(Enqueuer).enqueue('slow', {});
      await begun.opened;
      const closed = app.close();
      end.open();
      await closed;
      expect(told).toEqual(['job ended, database open', 'database closed']);
      expect(await test.redis.llen(test.keyspace.queue('next'))).toBe(1);
      expect(await test.redis.smembers(test.keyspace.workerPools)).toEqual([]);
    });

    it('aborts the signal of a job when the grace period is over, and gives it back with no attempt spent', async () => {
      const begun = gate();
      class Jobs {
        @Job('endless')
        async run(_args: object, job: JobContext) {
          begun.open();
          await new Promise((_, reject) =>
            job.signal.addEventListener('abort', () => reject(job.signal.reason as Error)),
          );
        }
      }
      const { app } = await start([Jobs], { gracePeriodMs: 0 });
      const { id } = await app.get(Enqueuer).enqueue('endless', {});
      await begun.opened;
      await app.close();
      const [entry] = await test.redis.lrange(test.keyspace.queue('endless'), 0, -1);
      expect(JSON.parse(entry!)).toMatchObject({ id });
      expect(JSON.parse(entry!)).not.toHaveProperty('fails');
    });

    it('stops together with those of other instances', async () => {
      const begun = [gate(), gate()];
      const ends = gate();
      let running = 0;
      class Jobs {
        @Job('first')
        first() {
          return this.#wait(0);
        }
        @Job('second', { instance: 'other' })
        second() {
          return this.#wait(1);
        }
        async #wait(index: number) {
          running += 1;
          begun[index]!.open();
          await ends.opened;
          running -= 1;
        }
      }
      const { app } = await buildApp({
        imports: [
          WorkModule.forRoot(options()),
          WorkModule.forRoot(options({ name: 'other', namespace: `${test.namespace}:other` })),
        ],
        providers: [Jobs],
      });
      await app.init();
      const pools = [app.get(WorkerPool), app.get<WorkerPool>(getWorkerPoolToken('other'))];
      await app.get(Enqueuer).enqueue('first', {});
      await app.get<Enqueuer>('WorkEnqueuer:other').enqueue('second', {});
      await Promise.all(begun.map(({ opened }) => opened));
      const stops = pools.map((pool) => jest.spyOn(pool, 'stop'));
      const closed = app.close();
      await waitFor('both to be asked to stop', () => stops.every((stop) => stop.mock.calls.length > 0));
      expect(running).toBe(2);
      ends.open();
      await closed;
      expect(running).toBe(0);
    });

    it('can be stopped and started again, under a new id, and drained', async () => {
      class Jobs {
        @Job('count')
        run() {
          told.push('run');
        }
      }
      const { app } = await start([Jobs]);
      const pool = app.get(WorkerPool);
      const firstId = pool.poolId;
      await pool.stop();
      await app.get(Enqueuer).enqueueMany('count', [{}, {}, {}]);
      expect(told).toEqual([]);
      await pool.start();
      expect(pool.poolId).not.toBe(firstId);
      await pool.drain();
      expect(told).toHaveLength(3);
    });
  });

  describe('Closing', () => {
    it('twice at once, and again later, is one close', async () => {
      const { app } = await start([]);
      const stop = jest.spyOn(app.get(WorkerPool), 'stop');
      await Promise.all([app.close(), app.close()]);
      await app.close();
      expect(stop).toHaveBeenCalledTimes(1);
    });

    it('during the start leaves no pool behind', async () => {
      const { app } = await buildApp({ imports: [WorkModule.forRoot(options())] });
      const starting = app.init().then(
        () => {},
        () => {},
      );
      await app.close();
      await starting;
      expect(app.get(WorkerPool).poolId).toBe('');
      expect(await test.redis.smembers(test.keyspace.workerPools)).toEqual([]);
    });

    it('between the hooks of the start, as Nest 11 lets it happen, starts nothing', async () => {
      const { app, logs } = await buildApp({ imports: [WorkModule.forRoot(options())] });
      const host = app.get<{ onModuleDestroy(): Promise<void>; onApplicationBootstrap(): Promise<void> }>(
        'WorkPoolHost:',
      );
      await host.onModuleDestroy();
      await host.onApplicationBootstrap();
      expect(app.get(WorkerPool).poolId).toBe('');
      expect(logs.matching(/\[Work\]/)).toEqual([]);
    });

    it('without a start is quiet', async () => {
      const module = await Test.createTestingModule({ imports: [WorkModule.forRoot(options())] }).compile();
      await module.close();
      expect(await test.redis.keys(`${test.namespace}:*`)).toEqual([]);
    });
  });

  describe('A start that fails', () => {
    it('leaves no connection open, whoever makes it fail', async () => {
      const opened: Redis[] = [];
      const connection = () => {
        const redis = new Redis(test.url, { lazyConnect: true });
        opened.push(redis);
        return redis;
      };
      class Wrong {
        onModuleInit() {
          throw new Error('no database');
        }
      }
      const { app } = await buildApp({ imports: [WorkModule.forRoot(options({ connection }))], providers: [Wrong] });
      await expect(app.init()).rejects.toThrow('no database');
      expect(opened.map((redis) => redis.status)).toEqual(opened.map(() => 'wait'));
    });

    it('closes what it opened where the pool cannot start', async () => {
      await test.redis.set(test.keyspace.workerPools, 'no set');
      const opened: Redis[] = [];
      const connection = () => {
        const redis = new Redis(test.url);
        opened.push(redis);
        return redis;
      };
      const { app } = await buildApp({ imports: [WorkModule.forRoot(options({ connection }))] });
      await expect(app.init()).rejects.toThrow(/WRONGTYPE/);
      await waitFor('every connection to end', () => opened.every((redis) => redis.status === 'end'));
    });
  });

  describe('The log', () => {
    it('begins with where the jobs are and which run here', async () => {
      class Jobs {
        @Job('mail')
        send() {}
        @Periodic('0 3 * * *', { timezone: 'Europe/Berlin', name: 'clean' })
        clean() {}
      }
      const { logs } = await start([Jobs], { concurrency: 4 });
      const target = test.url.replace('redis://', '');
      expect(logs.lines.filter((line) => line.includes('[Work]')).slice(0, 3)).toEqual([
        `log [Work] Runs jobs of namespace "${test.namespace}" on Redis ${target}: 4 at once, 25 s of grace at stop.`,
        'log [Work] Job mail is handled by Jobs.send',
        'log [Work] Job clean is handled by Jobs.clean, periodic at "0 3 * * *" Europe/Berlin',
      ]);
    });

    it('names a handler whose arguments cannot be validated, and what to write', async () => {
      class Jobs {
        @Job('mail')
        send(_args: { to: string }) {}
        @Job('quiet', { args: null })
        quiet(_args: { to: string }) {}
        @Job('nothing')
        nothing(_args: null, _job: JobContext) {}
      }
      const { logs } = await start([Jobs], { worker: false });
      expect(logs.matching(/not validated/)).toEqual([
        expect.stringMatching(/^warn \[Work\] @Job\("mail"\) on Jobs\.send: .*\{ args: SomeDto \}.*\{ args: null \}/),
      ]);
    });

    it('names options of jobs that no handler here declares', async () => {
      const { logs } = await start([], { jobs: { mial: { priority: 2 } } });
      expect(logs.matching(/no handler here declares: mial/)).toHaveLength(1);
    });

    it('tells a failed attempt in one line, its stack at debug, and the end in the dead set', async () => {
      class Jobs {
        @Job('fails', { maxFails: 1 })
        run() {
          throw new Error('boom');
        }
        @Job('again')
        again() {
          throw new Error('later');
        }
      }
      const { app, logs } = await start([Jobs]);
      const { id } = await app.get(Enqueuer).enqueue('fails', {});
      await app.get(Enqueuer).enqueue('again', {});
      await waitFor('both lines', () => logs.matching(/boom/).length > 0 && logs.matching(/later/).length > 0);
      expect(logs.matching(/boom/)).toEqual([
        `error [Work] Job fails ${id} failed in attempt 1 of 1 and went to the dead set: boom`,
      ]);
      expect(logs.matching(/later/)).toEqual([
        expect.stringMatching(/^warn \[Work\] Job again \w+ failed in attempt 1 of 4 and runs again in \d+ s: later$/),
        expect.stringMatching(/^debug \[Work\] Error: later\n +at /),
      ]);
    });

    it('carries the name and id of the job in each of its own lines', async () => {
      class Jobs {
        @Job('mail')
        send(_args: object, job: JobContext) {
          job.log.log('sent');
        }
      }
      const { app, logs } = await start([Jobs]);
      const { id } = await app.get(Enqueuer).enqueue('mail', {});
      await waitFor('the line', () => logs.matching(/sent/)[0]);
      expect(logs.matching(/sent/)).toEqual([`log [mail ${id}] sent`]);
    });

    it('warns a second after the start where nothing listens to SIGTERM, and not where something does', async () => {
      const listeners = process.listeners('SIGTERM');
      process.removeAllListeners('SIGTERM');
      jest.useFakeTimers({
        doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask', 'performance', 'Date', 'hrtime'],
      });
      try {
        const { logs } = await start([]);
        expect(logs.matching(/SIGTERM/)).toEqual([]);
        jest.advanceTimersByTime(1_000);
        expect(logs.matching(/SIGTERM/)).toEqual([expect.stringContaining('app.enableShutdownHooks()')]);
        const other = await start([]);
        other.app.enableShutdownHooks(['SIGTERM']);
        jest.advanceTimersByTime(1_000);
        expect(other.logs.matching(/SIGTERM/)).toEqual([]);
      } finally {
        jest.useRealTimers();
        for (const listener of listeners) process.on('SIGTERM', listener);
      }
    });
  });

  describe('Redis', () => {
    it('that cannot be reached makes the start fail after 10 s, with host and port', async () => {
      const redis = await ownRedis();
      await redis.kill();
      jest.useFakeTimers({
        doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask', 'performance', 'Date', 'hrtime'],
      });
      try {
        for (const worker of [true, false]) {
          const { app } = await buildApp({ imports: [WorkModule.forRoot(options({ connection: redis.url, worker }))] });
          const failed = app.init().then(
            () => undefined,
            (error: Error) => error,
          );
          let error: Error | undefined;
          void failed.then((thrown) => (error = thrown));
          while (!error) {
            await jest.advanceTimersByTimeAsync(500);
            await new Promise((resolve) => setImmediate(resolve));
          }
          expect(error.message).toMatch(
            new RegExp(`127\\.0\\.0\\.1:${redis.port} did not answer within 10 s.*whenRedisIsDown`),
          );
        }
      } finally {
        jest.useRealTimers();
      }
    });

    it('may come later, by option: the application starts, and jobs run as soon as it answers', async () => {
      const redis = await ownRedis();
      await redis.kill();
      const ran = gate();
      class Jobs {
        @Job('late')
        run() {
          ran.open();
        }
      }
      const { app, logs } = await start([Jobs], {
        connection: redis.url,
        whenRedisIsDown: 'wait',
        enqueueTimeoutMs: 60_000,
      });
      expect(logs.matching(/does not answer. Jobs run as soon as it does/)).toHaveLength(1);
      const enqueued = app.get(Enqueuer).enqueue('late', {});
      await redis.start();
      await enqueued;
      await ran.opened;
      await app.close();
      await redis.kill();
    });

    it('that never comes does not hold back the close', async () => {
      const redis = await ownRedis();
      await redis.kill();
      const { app } = await start([], { connection: redis.url, whenRedisIsDown: 'wait' });
      await app.close();
      expect(app.get(WorkerPool).poolId).toBe('');
    });

    it('lost and back is one line each way, and jobs go on', async () => {
      const redis = await ownRedis();
      class Jobs {
        @Job('count')
        run() {
          told.push('run');
        }
      }
      const { app, logs } = await start([Jobs], { connection: redis.url, enqueueTimeoutMs: 60_000 });
      await app.get(Enqueuer).enqueue('count', {});
      await waitFor('the first run', () => told.length === 1);
      await redis.kill();
      await waitFor('the loss to be told', () => logs.matching(/is lost/).length > 0);
      const second = app.get(Enqueuer).enqueue('count', {});
      await redis.start();
      await second;
      await waitFor('the second run', () => told.length === 2);
      await waitFor('the return to be told', () => logs.matching(/is back after/).length > 0);
      expect(logs.matching(/is lost/)).toHaveLength(1);
      expect(logs.matching(/is back after/)).toHaveLength(1);
      await app.close();
      await redis.kill();
    });
  });

  it('tells events to who listens, and goes on where a listener throws', async () => {
    class Jobs {
      @Job('count')
      run() {}
    }
    const { app, logs } = await start([Jobs]);
    const seen: string[] = [];
    const events = app.get(WorkEvents);
    events.subscribe(() => {
      throw new Error('listener');
    });
    const stop = events.subscribe(({ type }) => seen.push(type));
    await app.get(Enqueuer).enqueue('count', {});
    await waitFor('the job to be finished', () => seen.includes('job_finished'));
    stop();
    const { length } = seen;
    await app.get(Enqueuer).enqueue('count', {});
    await app.get(WorkerPool).drain();
    expect(seen).toHaveLength(length);
    expect(logs.matching(/A listener of WorkEvents failed/).length).toBeGreaterThan(0);
  });
});

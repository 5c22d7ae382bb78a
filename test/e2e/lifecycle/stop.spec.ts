import 'reflect-metadata';
import { Injectable } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { Enqueuer, getWorkerPoolToken, Job, JobContext, WorkerPool, WorkModule } from 'nestjs-work';
import { describeRedis, waitFor } from '../../support/index.js';
import { appsInTest } from '../support/apps-in-test.js';
import { gate } from '../support/gate.js';
import { buildApp } from '../support/work-app.js';

describeRedis('The stop of an application with jobs', () => {
  const apps = appsInTest();
  let told: string[];
  beforeEach(() => void (told = []));

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
    const { app } = await apps.start([Database, Jobs]);
    await app.get(Enqueuer).enqueue('slow', {});
    await begun.opened;
    const closed = app.close();
    end.open();
    await closed;
    expect(told).toEqual(['job ended, database open', 'database closed']);
    expect(await apps.redis.redis.llen(apps.redis.keyspace.queue('next'))).toBe(1);
    expect(await apps.redis.redis.smembers(apps.redis.keyspace.workerPools)).toEqual([]);
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
    const { app } = await apps.start([Jobs], { gracePeriodMs: 0 });
    const { id } = await app.get(Enqueuer).enqueue('endless', {});
    await begun.opened;
    await app.close();
    const [entry] = await apps.redis.redis.lrange(apps.redis.keyspace.queue('endless'), 0, -1);
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
        WorkModule.forRoot(apps.options()),
        WorkModule.forRoot(apps.options({ name: 'other', namespace: `${apps.redis.namespace}:other` })),
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
    const { app } = await apps.start([Jobs]);
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

  describe('Closing', () => {
    it('twice at once, and again later, is one close', async () => {
      const { app } = await apps.start([]);
      const stop = jest.spyOn(app.get(WorkerPool), 'stop');
      await Promise.all([app.close(), app.close()]);
      await app.close();
      expect(stop).toHaveBeenCalledTimes(1);
    });

    it('during the start leaves no pool behind', async () => {
      const { app } = await buildApp({ imports: [WorkModule.forRoot(apps.options())] });
      const starting = app.init().then(
        () => {},
        () => {},
      );
      await app.close();
      await starting;
      expect(app.get(WorkerPool).poolId).toBe('');
      expect(await apps.redis.redis.smembers(apps.redis.keyspace.workerPools)).toEqual([]);
    });

    it('between the hooks of the start, as Nest 11 lets it happen, starts nothing', async () => {
      const { app, logs } = await buildApp({ imports: [WorkModule.forRoot(apps.options())] });
      const host = app.get<{ onModuleDestroy(): Promise<void>; onApplicationBootstrap(): Promise<void> }>(
        'WorkPoolHost:',
      );
      await host.onModuleDestroy();
      await host.onApplicationBootstrap();
      expect(app.get(WorkerPool).poolId).toBe('');
      expect(logs.matching(/\[Work\]/)).toEqual([]);
    });

    it('without a start is quiet', async () => {
      const module = await Test.createTestingModule({ imports: [WorkModule.forRoot(apps.options())] }).compile();
      await module.close();
      expect(await apps.redis.redis.keys(`${apps.redis.namespace}:*`)).toEqual([]);
    });
  });
});

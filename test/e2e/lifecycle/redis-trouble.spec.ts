import 'reflect-metadata';
import { Enqueuer, Job, WorkerPool, WorkModule } from 'nestjs-work';
import { describeRedis, ownRedis, waitFor } from '../../support/index.js';
import { appsInTest } from '../support/apps-in-test.js';
import { fakeTime } from '../support/fake-time.js';
import { gate } from '../support/gate.js';
import { buildApp } from '../support/work-app.js';

describeRedis('Redis', () => {
  const apps = appsInTest();
  let told: string[];
  beforeEach(() => void (told = []));

  describe('that does not answer', () => {
    let url: string;
    const { pass, passUntil } = fakeTime();
    beforeAll(async () => {
      const redis = await ownRedis();
      await redis.kill();
      url = redis.url;
    });

    it.each([{ worker: true }, { worker: false }])(
      'is told after a second, once, and fails the start after 10 s, with host and port: worker $worker',
      async ({ worker }) => {
        const { app, logs } = await buildApp({
          imports: [WorkModule.forRoot(apps.options({ connection: url, worker }))],
        });
        let error: Error | undefined;
        app.init().catch((thrown: Error) => (error = thrown));
        const target = url.replace('redis://', '');
        await pass(900);
        expect(logs.matching(/does not answer/)).toEqual([]);
        await passUntil('the warning', () => logs.matching(/does not answer/).length > 0);
        expect(error).toBeUndefined();
        await passUntil('the failure', () => error !== undefined);
        expect(logs.matching(/does not answer/)).toEqual([
          `warn [Work] Redis at ${target} does not answer yet. The start fails unless it does within 10 s (whenRedisIsDown: 'fail').`,
        ]);
        expect(error?.message).toMatch(new RegExp(`${target} did not answer within 10 s.*whenRedisIsDown`));
        expect(logs.matching(/SIGTERM/)).toEqual([]);
      },
    );

    it.each([
      { worker: true, later: 'jobs run as soon as it does' },
      { worker: false, later: 'enqueues wait for it' },
    ])(
      'is told after a second, and the application starts without it, by option: worker $worker',
      async ({ worker, later }) => {
        const given = apps.options({ connection: url, whenRedisIsDown: 'wait', worker });
        const { app, logs } = await buildApp({ imports: [WorkModule.forRoot(given)] });
        let isStarted = false;
        void app.init().then(() => (isStarted = true));
        await passUntil('the start', () => isStarted);
        await pass(3_000);
        expect(logs.matching(/does not answer/)).toEqual([
          expect.stringContaining(`The application starts without it, and ${later} (whenRedisIsDown: 'wait').`),
        ]);
        expect(logs.matching(/SIGTERM/)).toEqual([]);
        await app.close();
        expect(app.get(WorkerPool).poolId).toBe('');
      },
    );
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
    const { app, logs } = await apps.start([Jobs], {
      connection: redis.url,
      whenRedisIsDown: 'wait',
      enqueueTimeoutMs: 60_000,
    });
    expect(logs.matching(/does not answer yet\. .*jobs run as soon as it does/)).toHaveLength(1);
    const enqueued = app.get(Enqueuer).enqueue('late', {});
    await redis.start();
    await enqueued;
    await ran.opened;
    await app.close();
    await redis.kill();
  });

  it('lost and back is one line each way, and jobs go on', async () => {
    const redis = await ownRedis();
    class Jobs {
      @Job('count')
      run() {
        told.push('run');
      }
    }
    const { app, logs } = await apps.start([Jobs], { connection: redis.url, enqueueTimeoutMs: 60_000 });
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

  it('is told to be back, and to be lost again, by an application whose pool was stopped meanwhile', async () => {
    const redis = await ownRedis();
    const { app, logs } = await apps.start([], { connection: redis.url, enqueueTimeoutMs: 60_000 });
    await app.get(Enqueuer).enqueue('first', {});
    await redis.kill();
    await waitFor('the loss to be told', () => logs.matching(/is lost/).length === 1);
    await app.get(WorkerPool).stop();
    await redis.start();
    await waitFor('the return to be told', () => logs.matching(/is back after/).length === 1);
    await redis.kill();
    await waitFor('the next loss to be told', () => logs.matching(/is lost/).length === 2);
    await app.close();
  });
});

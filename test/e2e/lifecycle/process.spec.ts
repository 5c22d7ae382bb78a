import { Redis } from 'ioredis';
import { Enqueuer, WorkClient } from 'nestjs-work';
import { compiledSources, type CompiledSources } from '../../support/compiled-sources.js';
import { describeRedis, ownRedis, testRedis, waitFor, type TestRedis } from '../../support/index.js';
import { AppProcess } from '../support/app-process.js';

describeRedis('A process of its own', () => {
  let sources: CompiledSources;
  let test: TestRedis;
  let app: AppProcess | undefined;
  beforeAll(async () => void (sources = await compiledSources('src', 'libs', 'test/e2e/apps')), 60_000);
  afterAll(() => sources?.remove());
  beforeEach(() => void (test = testRedis()));
  afterEach(async () => {
    await app?.kill();
    await test.close();
  });

  async function start(gracePeriodMs: number): Promise<{ app: AppProcess; enqueuer: Enqueuer; client: WorkClient }> {
    const env = { NAMESPACE: test.namespace, REDIS_URL: test.url, GRACE_PERIOD_MS: String(gracePeriodMs) };
    app = new AppProcess(sources, 'stopping-app', env);
    await app.says('started');
    const { redis, keyspace } = test;
    return { app, enqueuer: new Enqueuer({ redis, keyspace }), client: new WorkClient({ redis, keyspace }) };
  }

  const keysIn = (pattern: string) => test.redis.keys(`${test.namespace}:${pattern}`);

  it.each(['SIGTERM', 'SIGINT'] as const)(
    '%s lets its running job end with all that it uses, takes no other, and ends by that signal',
    async (signal) => {
      const { app, enqueuer, client } = await start(60_000);
      await enqueuer.enqueue('slow', null);
      await app.says('a slow job begins');
      app.signal(signal);
      await app.says('signalled');
      const { id } = await enqueuer.enqueue('slow', null);
      app.tell('end');
      expect(await app.end()).toBe(signal);
      expect(app.said).toEqual([
        'started',
        'a slow job begins',
        'signalled',
        'the slow job ends, the database is open',
        'the database is closed',
        `shut down by ${signal}`,
      ]);
      expect(await client.waitingJobs('slow')).toMatchObject({ count: 1, jobs: [{ job: { id, fails: 0 } }] });
      expect(await client.waitingJobs('next')).toMatchObject({ count: 1 });
      expect([...(await keysIn('*:inprogress')), ...(await keysIn('retry')), ...(await keysIn('dead'))]).toEqual([]);
      expect(await client.workerPoolHeartbeats()).toEqual([]);
      await enqueuer.close();
    },
  );

  it('gives a job that does not end in time back to its queue, with no attempt spent', async () => {
    const { app, enqueuer, client } = await start(0);
    const { id } = await enqueuer.enqueue('endless', null);
    await app.says('an endless job begins');
    app.signal('SIGTERM');
    expect(await app.end()).toBe('SIGTERM');
    expect(app.said).toContain('shut down by SIGTERM');
    expect(await client.waitingJobs('endless')).toMatchObject({ count: 1, jobs: [{ job: { id, fails: 0 } }] });
    expect([...(await keysIn('*:inprogress')), ...(await keysIn('retry')), ...(await keysIn('dead'))]).toEqual([]);
    await enqueuer.close();
  });

  it('lives on and tries again where Redis, away at its start, comes back and refuses it', async () => {
    const redis = await ownRedis(['--requirepass', 'word']);
    await redis.kill();
    const env = { NAMESPACE: test.namespace, REDIS_URL: redis.url, WHEN_REDIS_IS_DOWN: 'wait' };
    app = new AppProcess(sources, 'stopping-app', env);
    await app.says('started');
    await redis.start();
    const admin = new Redis(redis.port, { password: 'word' });
    await waitFor('a refusal', async () => (await admin.info('errorstats')).includes('NOAUTH'));
    await admin.config('SET', 'requirepass', '');
    await new Enqueuer({ redis: admin, keyspace: test.keyspace }).enqueue('endless', null);
    await app.says('an endless job begins');
    admin.disconnect();
    await app.kill();
    await redis.kill();
  });
});

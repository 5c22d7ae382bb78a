import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { Connections } from '#store';
import { systemClock } from '../../../libs/engine/clock.js';
import type { WorkEvent } from '../../../libs/engine/events.js';
import { Liveness } from '../../../libs/engine/liveness/liveness.js';
import type { LivenessOptions } from '../../../libs/engine/liveness/liveness-options.js';
import { PoolRegistration } from '../../../libs/engine/liveness/beat/pool-registration.js';
import { compiledSources, type CompiledSources } from '../../support/compiled-sources.js';
import { describeRedis, testRedis, waitFor, type TestRedis } from '../../support/index.js';
import { holdJobs } from '../../support/pool-in-test.js';

const JOB = '{"name":"send","id":"1","t":1,"args":null}';

describeRedis('the liveness of a pool', () => {
  let libs: CompiledSources;
  let test: TestRedis;
  let connections: Connections;
  let registration: PoolRegistration;
  let events: WorkEvent[];
  let fenced: string[];
  let redisTimes: number[];
  let liveness: Liveness;

  beforeAll(async () => void (libs = await compiledSources('libs')));
  afterAll(() => libs.remove());
  beforeEach(async () => {
    test = testRedis();
    [events, fenced, redisTimes] = [[], [], []];
    connections = new Connections({ ...optionsOf(test.url), connectionName: beatName() });
    const { redis, keyspace } = test;
    const report = (event: WorkEvent) => void events.push(event);
    registration = new PoolRegistration({ redis, keyspace, clock: systemClock, concurrency: 1, report });
    await registration.register([{ name: 'send' }]);
  });
  afterEach(async () => {
    try {
      await liveness.stop();
    } finally {
      connections.close();
      await test.close();
    }
  });

  /** Of this test's connections alone, in the list of all clients. */
  const beatName = () => `beat-${test.namespace}`;

  function start(options: Partial<LivenessOptions> = {}) {
    liveness = new Liveness({
      registration,
      keyspace: test.keyspace,
      clock: systemClock,
      connect: () => connections.open('beat'),
      disconnect: (redis) => connections.discard(redis),
      threadConnection: { ...optionsOf(test.url), connectionName: beatName() },
      threadFile: libs.file('libs/engine/liveness/beat/beat-thread.ts'),
      onFenced: (poolId) => void fenced.push(poolId),
      onRedisTime: (redisMs) => void redisTimes.push(redisMs),
      report: (event) => void events.push(event),
      beatMs: 20,
      lookMs: 20,
      maxBlockedMs: 120_000,
      ...options,
    });
    liveness.start();
  }

  const heartbeat = () => test.redis.exists(test.keyspace.heartbeat(registration.poolId));
  const beats = async () => {
    await test.redis.del(test.keyspace.heartbeat(registration.poolId));
    await waitFor('a beat', async () => (await heartbeat()) === 1);
  };
  async function deadGoPool() {
    await test.redis.sadd(test.keyspace.workerPools, 'go1');
    await test.redis.hset(test.keyspace.heartbeat('go1'), { heartbeat_at: '1', job_names: 'send' });
    await holdJobs(test.redis, test.keyspace, 'go1', 'send', [JOB]);
  }
  const isReaped = async () => (await test.redis.llen(test.keyspace.queue('send'))) === 1;

  /** Blocks the event loop, as a handler that computes does, until another thread's work shows in shared memory. */
  function blockUntil(isDone: () => boolean) {
    const deadline = Date.now() + 10_000;
    while (!isDone()) if (Date.now() > deadline) throw new Error('Blocked for 10 s in vain.');
  }

  /** Blocks the event loop until another process sees a list of this length. */
  function blockUntilLength(key: string, length: number) {
    const script = `
      const redis = new (require('ioredis').Redis)(${JSON.stringify(test.url)});
      const poll = async () => ((await redis.llen(${JSON.stringify(key)})) === ${length} ? process.exit(0) : setTimeout(poll, 5));
      setTimeout(() => process.exit(1), 10_000);
      poll();`;
    expect(spawnSync(process.execPath, ['-e', script], { stdio: 'inherit' }).status).toBe(0);
  }

  describe.each([
    ['in its thread', {}],
    ['on the main thread', { useThread: false }],
  ])('%s', (_, where) => {
    it('beats, tells the time of Redis, and keeps the age of its beat', async () => {
      start(where);
      await beats();
      await waitFor('the time', () => redisTimes.length > 1);
      expect(Math.abs((redisTimes.at(-1) ?? 0) - Date.now())).toBeLessThan(60_000);
      expect(registration.beatAgeMs()).toBeLessThan(60_000);
      expect(liveness.isInThread).toBe(!('useThread' in where));
      expect(events).toEqual([]);
    });

    it('tells that the pool is fenced, and beats on under its new id', async () => {
      start(where);
      await beats();
      const first = registration.poolId;
      await test.redis.srem(test.keyspace.workerPools, first);
      await waitFor('the fence', () => fenced.includes(first));
      await registration.renew(first);
      await beats();
      expect(await test.redis.smembers(test.keyspace.workerPools)).toEqual([registration.poolId]);
    });

    it('gives back what a dead pool held, and tells so', async () => {
      await deadGoPool();
      start(where);
      await waitFor('the reap', isReaped);
      const reaped = { type: 'pool_reaped', poolId: 'go1', cause: 'dead', recovered: 1, poisoned: 0 };
      await waitFor('its event', () => events.some(({ type }) => type === 'pool_reaped'));
      expect(events).toEqual([reaped]);
    });

    it('tells once what keeps it from giving back a job, and goes on looking', async () => {
      await test.redis.set(test.keyspace.queue('stuck'), 'no list');
      await test.redis.set(test.keyspace.ext.quarantine, 'no list');
      await holdJobs(test.redis, test.keyspace, 'stuck1', 'stuck', [JOB]);
      await test.redis.sadd(test.keyspace.knownJobs, 'stuck');
      await test.redis.sadd(test.keyspace.ext.reaping, 'stuck1');
      start(where);
      await waitFor('the trouble', () => events.length > 0);
      await deadGoPool();
      await waitFor('the reap', isReaped);
      expect(events.filter(({ type }) => type === 'role_failed')).toEqual([
        { type: 'role_failed', role: 'DeadPoolReaper', error: expect.objectContaining({ name: expect.anything() }) },
      ]);
    });

    it('beats no more when it has left or was stopped', async () => {
      start(where);
      await beats();
      expect(await registration.unregister()).toBe(true);
      await liveness.stop();
      expect(await test.redis.keys(`${test.namespace}:*pool*`)).toEqual([]);
      expect(fenced.every((poolId) => poolId === registration.poolId)).toBe(true);
    });

    it('comes back after its connection was cut', async () => {
      start(where);
      await beats();
      const clients = String(await test.redis.call('CLIENT', 'LIST'));
      const ids = [...clients.matchAll(new RegExp(`^id=(\\d+) .*name=${beatName()}`, 'gm'))].map(([, id]) =>
        String(id),
      );
      for (const id of ids) await test.redis.call('CLIENT', 'KILL', 'ID', id);
      expect(ids.length).toBeGreaterThan(0);
      await beats();
    });
  });

  it('beats and watches while the event loop is blocked', async () => {
    start();
    await beats();
    blockUntil(() => registration.beatAgeMs() < 1);
    blockUntil(() => registration.beatAgeMs() > 10);
    blockUntil(() => registration.beatAgeMs() < 10);
    await deadGoPool();
    blockUntilLength(test.keyspace.queue('send'), 1);
  });

  it('stops beating where the event loop is blocked beyond the bound, and begins again when it turns', async () => {
    start({ maxBlockedMs: 100 });
    await beats();
    blockUntil(() => registration.beatAgeMs() > 500);
    await beats();
  });

  it.each([
    ['the options hold functions', { threadConnection: undefined }, /functions/],
    ['the file of the thread is missing', { threadFile: '/nowhere/beat-thread.js' }, /\/nowhere.*missing/],
  ])('beats on the main thread, with one warning, where %s', async (_, options, reason) => {
    start(options);
    await beats();
    expect(liveness.isInThread).toBe(false);
    expect(events).toEqual([
      { type: 'warning', code: 'WORK_BEAT_ON_MAIN_THREAD', message: expect.stringMatching(reason) as string },
    ]);
  });

  it('beats on the main thread, with one warning, when its thread dies', async () => {
    const file = libs.file('libs/engine/liveness/broken-thread.ts');
    await writeFile(file, 'throw new Error("out of memory")');
    start({ threadFile: file });
    await waitFor('the warning', () => events.length > 0);
    await beats();
    expect(liveness.isInThread).toBe(false);
    expect(events).toEqual([
      { type: 'warning', code: 'WORK_BEAT_ON_MAIN_THREAD', message: expect.stringMatching(/out of memory/) as string },
    ]);
  });
});

function optionsOf(url: string): { readonly host: string; readonly port: number } {
  const { hostname, port } = new URL(url);
  return { host: hostname, port: Number(port) };
}

import { Redis } from 'ioredis';
import { Enqueuer, WorkerPool, type JobHandler, type WorkEvent } from '#engine';
import { Keyspace } from '#protocol';
import type { ConnectionRole, ConnectionSpec } from '#store';
import { describeRedis, ownRedis, waitFor, type OwnRedis } from '../../support/index.js';

const keyspace = new Keyspace('shop');

describeRedis('The stop of a worker pool whose Redis hangs', () => {
  let server: OwnRedis;
  let admin: Redis;
  let enqueuer: Enqueuer;
  let events: WorkEvent[];

  async function startedPool(handler: JobHandler, connection: ConnectionSpec = server.url): Promise<WorkerPool> {
    const report = (event: WorkEvent) => void events.push(event);
    const options = { namespace: 'shop', connection, heartbeatThread: false, report };
    const pool = new WorkerPool(options).job('mail', {}, handler);
    await pool.start();
    return pool;
  }
  /** The end of the stop, with the timers of this process moved on by so much. */
  async function stopWithin(pool: WorkerPool, ms: number): Promise<WorkEvent | undefined> {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'performance'] });
    const stopped = pool.stop();
    await jest.advanceTimersByTimeAsync(ms);
    const ended = await Promise.race([stopped.then(() => true), afterTurns(1_000)]);
    jest.useRealTimers();
    expect(ended).toBe(true);
    return events.find(({ type }) => type === 'pool_stopped');
  }

  beforeEach(async () => {
    events = [];
    server = await ownRedis();
    admin = new Redis(server.url);
    enqueuer = new Enqueuer({ redis: admin, keyspace });
  });
  afterEach(async () => {
    server.thaw();
    await enqueuer.close();
    admin.disconnect();
    await server.kill();
  });

  it('takes 2 s where nothing runs, and says so', async () => {
    const pool = await startedPool(() => undefined);
    server.freeze();
    expect(await stopWithin(pool, 2_000)).toMatchObject({ finished: 0, interrupted: 0, abandoned: 0, unsettled: 0 });
  });

  it('takes the grace period, 2 s for what was aborted and 2 s for the rest where a job hangs', async () => {
    const pool = await startedPool(() => new Promise(() => {}));
    await enqueuer.enqueue('mail', null);
    await waitFor('the job', () => pool.runningCount === 1);
    server.freeze();
    expect(await stopWithin(pool, 25_000 + 2_000 + 2_000)).toMatchObject({
      interrupted: 1,
      abandoned: 1,
      unsettled: 1,
    });
  });

  it('takes no longer where a heartbeat is under way on a connection that is slow to close', async () => {
    const silent = await ownRedis();
    silent.freeze();
    const connection = (role: ConnectionRole) =>
      new Redis((role === 'beat' ? silent : server).url, { maxRetriesPerRequest: null });
    const pool = await startedPool(() => undefined, connection);
    server.freeze();
    expect(await stopWithin(pool, 2_000)).toMatchObject({ unsettled: 0 });
    await silent.kill();
  });

  it('takes no longer than the grace period and 2 s where a job has ended and nobody hears of it', async () => {
    let end = () => {};
    const pool = await startedPool(() => new Promise<void>((resolve) => (end = resolve)));
    await enqueuer.enqueue('mail', null);
    await waitFor('the job', () => pool.runningCount === 1);
    server.freeze();
    end();
    expect(await stopWithin(pool, 25_000 + 700)).toMatchObject({ finished: 1, interrupted: 0, unsettled: 1 });
  });

  it('settles what has ended where Redis goes on within the grace period, and leaves', async () => {
    let end = () => {};
    const pool = await startedPool(() => new Promise<void>((resolve) => (end = resolve)));
    await enqueuer.enqueue('mail', null);
    await waitFor('the job', () => pool.runningCount === 1);
    server.freeze();
    end();
    const stopped = pool.stop();
    server.thaw();
    await stopped;
    expect(events.find(({ type }) => type === 'pool_stopped')).toMatchObject({ finished: 1, unsettled: 0 });
    const { poolId } = events.find(({ type }) => type === 'pool_stopped') as { readonly poolId: string };
    expect(await admin.exists(keyspace.workerPools, keyspace.inProgress('mail', poolId))).toBe(0);
  });
});

/** Resolves with false after so many turns of the event loop, which is what sockets need to close. */
async function afterTurns(turns: number): Promise<false> {
  for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  return false;
}

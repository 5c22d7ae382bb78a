import {
  CancelError,
  Enqueuer,
  SnoozeError,
  WorkerPool,
  type FailedAttempt,
  type JobRun,
  type WorkEvent,
} from '#engine';
import { decodeJob, decodeQuarantined } from '#protocol';
import { jobBytes } from '../../support/held-job.js';
import { describeRedis, testRedis, waitFor, type TestRedis } from '../../support/index.js';

/** A handler that ends when told to. */
function gate() {
  let open!: () => void;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { open, opened };
}

describeRedis('the run of a job in a pool', () => {
  let test: TestRedis;
  let enqueuer: Enqueuer;
  let events: WorkEvent[];
  const pools: WorkerPool[] = [];

  function newPool(concurrency = 4): WorkerPool {
    const report = (event: WorkEvent) => void events.push(event);
    const { namespace, url } = test;
    const pool = new WorkerPool({ namespace, connection: url, heartbeatThread: false, concurrency, report });
    pools.push(pool);
    return pool;
  }

  beforeEach(() => {
    test = testRedis();
    events = [];
    enqueuer = new Enqueuer({ redis: test.redis, keyspace: test.keyspace });
  });
  afterEach(async () => {
    await Promise.all(pools.splice(0).map((pool) => pool.stop({ gracePeriodMs: 0 })));
    await enqueuer.close();
    await test.close();
  });

  const finished = (kind: string) =>
    events.filter((event) => event.type === 'job_finished' && event.outcome.kind === kind).length;
  const uniqueKeys = () => test.redis.keys(`${test.keyspace.uniquePrefix('sync')}*`);

  async function expectNothingHeld(pool: WorkerPool, jobName = 'sync') {
    const { keyspace, redis } = test;
    await waitFor(
      'every entry to be settled',
      async () => !(await redis.exists(keyspace.inProgress(jobName, pool.poolId))),
    );
    expect(await redis.get(keyspace.lock(jobName))).toBe('0');
  }

  it('runs the last by-key update once, with nothing left of the one that was queued', async () => {
    const seen: unknown[] = [];
    for (const v of [1, 2, 3]) await enqueuer.enqueueUniqueByKey('sync', { v }, { k: 'A' });
    const pool = newPool().job('sync', {}, ({ args }) => void seen.push(args));
    await pool.start();
    await waitFor('the run', () => finished('succeeded') === 1);
    await expectNothingHeld(pool);
    expect(seen).toEqual([{ v: 3 }]);
    expect(await uniqueKeys()).toEqual([]);
  });

  it('runs a scheduled by-key job, moved by a requeuer, with nothing left of it', async () => {
    const seen: unknown[] = [];
    await enqueuer.enqueueUniqueInByKey('sync', -5, { v: 1, list: [] }, { k: 'A' });
    const pool = newPool().job('sync', {}, ({ args }) => void seen.push(args));
    await pool.start();
    await waitFor('the run', () => finished('succeeded') === 1);
    await expectNothingHeld(pool);
    expect(seen).toEqual([{ v: 1, list: [] }]);
  });

  it('leaves the next job of a key alone where a unique job runs again after an interruption', async () => {
    const running = gate();
    const untilAborted = ({ signal }: JobRun) =>
      new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('aborted'))));
    const first = newPool().job('sync', {}, (run) => (running.open(), untilAborted(run)));
    await enqueuer.enqueueUnique('sync', { a: 1 });
    await first.start();
    await running.opened;
    expect(await enqueuer.enqueueUnique('sync', { a: 1 })).not.toBeNull(); // uniqueness ends when a run starts
    await first.stop({ gracePeriodMs: 0 });
    expect(await test.redis.llen(test.keyspace.queue('sync'))).toBe(2);

    const keysDuring: string[][] = [];
    const second = newPool(1).job('sync', {}, async () => void keysDuring.push(await uniqueKeys()));
    await second.start();
    await waitFor('both runs', () => finished('succeeded') === 2);
    expect(keysDuring.map((keys) => keys.length)).toEqual([1, 0]);
  });

  it('frees the key of a unique job that came back from a pool that died before starting it', async () => {
    await enqueuer.enqueueUnique('sync', { a: 1 });
    const { keyspace, redis } = test;
    const entry = await redis.rpop(keyspace.queue('sync'));
    await redis.rpush(keyspace.queue('sync'), entry!.replace(/}$/, ',"_recovered":1}'));
    const pool = newPool().job('sync', {}, () => undefined);
    await pool.start();
    await waitFor('the run', () => finished('succeeded') === 1);
    expect(await enqueuer.enqueueUnique('sync', { a: 1 })).not.toBeNull();
  });

  it('lets other jobs have the slots while suspects wait for each other', async () => {
    const [first, second] = [gate(), gate()];
    const started: string[] = [];
    const pool = newPool(2)
      .job('sync', {}, async ({ id }) => {
        started.push(id);
        await (id === 'a' ? first : second).opened;
      })
      .job('other', {}, () => void started.push('other'));
    const queue = test.keyspace.queue('sync');
    for (const id of ['a', 'b', 'c']) await test.redis.lpush(queue, jobBytes({ id, _recovered: 2 }));
    await pool.start();
    await waitFor('the first suspect', () => started.length === 1);
    await waitFor('the others to wait here', async () => (await test.redis.llen(queue)) === 0);
    await enqueuer.enqueue('other', null);
    await waitFor('the other job', () => started.length === 2);
    expect(started).toEqual(['a', 'other']);
    expect(await test.redis.hkeys(test.keyspace.ext.suspect(pool.poolId))).toEqual(['a']);
    first.open();
    second.open();
    await waitFor('all suspects', () => finished('succeeded') === 4);
    expect(started).toEqual(['a', 'other', 'b', 'c']);
    await waitFor('no name left', async () => !(await test.redis.exists(test.keyspace.ext.suspect(pool.poolId))));
  });

  it('lets a job that lies in the queue of another name come to its own', async () => {
    const seen: string[] = [];
    const stranger = newPool().job('sync', {}, () => void seen.push('sync'));
    await test.redis.lpush(test.keyspace.queue('sync'), jobBytes({ name: 'export', id: 'e1' }));
    await stranger.start();
    await waitFor('it to move', async () => (await test.redis.llen(test.keyspace.queue('export'))) === 1);
    await expectNothingHeld(stranger);
    const pool = newPool().job('export', {}, ({ id }) => void seen.push(id));
    await pool.start();
    await waitFor('its run', () => finished('succeeded') === 1);
    expect(seen).toEqual(['e1']);
    expect(await test.redis.zcard(test.keyspace.dead)).toBe(0);
  });

  it('keeps a snoozed job in the scheduled set with no attempt spent, and drops a cancelled one', async () => {
    const handler = ({ args }: JobRun) => {
      if (args?.['kind'] === 'snooze') throw new SnoozeError('1h');
      throw new CancelError('no longer wanted');
    };
    const pool = newPool().job('sync', { maxFails: 1 }, handler);
    await enqueuer.enqueue('sync', { kind: 'snooze' });
    await enqueuer.enqueue('sync', { kind: 'cancel' });
    await pool.start();
    await waitFor('both ends', () => finished('snoozed') === 1 && finished('cancelled') === 1);
    await expectNothingHeld(pool);
    const scheduled = await test.redis.zrangeBuffer(test.keyspace.scheduled, '0', '-1');
    expect(scheduled.map((bytes) => decodeJob(bytes))).toMatchObject([{ args: { kind: 'snooze' }, fails: 0 }]);
    expect(await test.redis.zcard(test.keyspace.dead)).toBe(0);
  });

  it('notes a failed attempt with its error and stack', async () => {
    const fails = () => {
      throw new RangeError('boom');
    };
    const pool = newPool().job('sync', { maxFails: 1 }, fails);
    const { id } = await enqueuer.enqueue('sync', null);
    await pool.start();
    await waitFor('the dead job', async () => (await test.redis.zcard(test.keyspace.dead)) === 1);
    const lines = await test.redis.lrange(test.keyspace.ext.attempts(id), 0, -1);
    const [attempt] = lines.map((line) => JSON.parse(line) as FailedAttempt);
    expect(attempt).toMatchObject({ attempt: 1, poolId: pool.poolId, error: { name: 'RangeError', message: 'boom' } });
    expect(attempt?.error.stack).toContain('run.spec');
  });

  it('sets aside what cannot be decoded, while what stands behind it runs', async () => {
    const bytes = Buffer.from([0x7b, 0xff, 0x00]);
    const seen: unknown[] = [];
    await test.redis.lpush(test.keyspace.queue('sync'), bytes, jobBytes({ args: { ok: true } }));
    const pool = newPool().job('sync', {}, ({ args }) => void seen.push(args));
    await pool.start();
    await waitFor('the job behind it', () => seen.length === 1);
    await expectNothingHeld(pool);
    const [entry] = await test.redis.lrangeBuffer(test.keyspace.ext.quarantine, 0, -1);
    expect(decodeQuarantined(entry!)).toMatchObject({ note: { from: test.keyspace.queue('sync') }, bytes });
  });

  it('shows a checkin of a running job at one of the workers of its heartbeat, and nothing when it is over', async () => {
    const running = gate();
    const pool = newPool().job('sync', {}, async (run) => (run.checkin('half way'), await running.opened));
    await enqueuer.enqueue('sync', { a: 1 });
    await pool.start();
    const { redis, keyspace } = test;
    const workerIds = (await redis.hget(keyspace.heartbeat(pool.poolId), 'worker_ids'))!.split(',');
    const shown = await waitFor('the record', async () => {
      const records = await Promise.all(workerIds.map((id) => redis.hgetall(keyspace.observation(id))));
      return records.find(({ checkin }) => checkin);
    });
    expect(shown).toMatchObject({ job_name: 'sync', args: '{"a":1}', checkin: 'half way' });
    running.open();
    await pool.stop();
    expect(await redis.keys(keyspace.observation('*'))).toEqual([]);
  });
});

import { decodeJob } from '#protocol';
import type { WorkEvent } from '../../../libs/engine/events.js';
import { Observer } from '../../../libs/engine/run/observer/observer.js';
import type { ObservedRun } from '../../../libs/engine/run/observer/observed-run.js';
import { jobBytes, type TestDocument } from '../../support/held-job.js';
import { describeRedis, testRedis, waitFor, type TestRedis } from '../../support/index.js';

const STARTED_MS = 1_795_485_815_900;

describeRedis('Observer', () => {
  let test: TestRedis;
  let observer: Observer;
  let events: WorkEvent[];
  let workerIds: string[];
  let nowMs: number;

  beforeEach(() => {
    test = testRedis();
    events = [];
    workerIds = ['w1', 'w2'];
    nowMs = STARTED_MS;
    observer = new Observer({
      redis: test.redis,
      keyspace: test.keyspace,
      workerIds: () => workerIds,
      clock: { nowMs: () => nowMs, monotonicMs: () => nowMs },
      report: (event) => events.push(event),
    });
  });
  afterEach(() => test.close());

  const start = (fields: TestDocument = {}): ObservedRun => observer.started(decodeJob(jobBytes(fields)), nowMs);

  const record = (workerId: string) => test.redis.hgetall(test.keyspace.observation(workerId));
  const records = async () => (await Promise.all(workerIds.map(record))).filter(({ job_id }) => job_id);
  const jobIds = async () => (await records()).map(({ job_id = '' }) => job_id).toSorted((a, b) => a.localeCompare(b));

  it("shows what runs with gocraft/work's fields, until ten minutes after its process is gone", async () => {
    start({ id: 'j1', args: { ms: 3500, x: '<é>' } });
    expect(await observer.flush()).toEqual({ shown: 1, removed: 0 });
    expect(await record('w1')).toEqual({
      job_name: 'sync',
      job_id: 'j1',
      started_at: '1795485815',
      args: '{"ms":3500,"x":"<é>"}',
    });
    const ttlSeconds = await test.redis.ttl(test.keyspace.observation('w1'));
    expect(ttlSeconds).toBeGreaterThan(60);
    expect(ttlSeconds).toBeLessThanOrEqual(600);
  });

  it.each([null, {}])('shows no arguments as empty text: %p', async (args) => {
    start({ args });
    await observer.flush();
    expect((await record('w1'))['args']).toBe('');
  });

  it('deletes the record of a worker that is idle, and writes nothing more for it', async () => {
    const run = start();
    await observer.flush();
    observer.ended(run);
    expect(await observer.flush()).toEqual({ shown: 0, removed: 1 });
    expect(await test.redis.exists(test.keyspace.observation('w1'))).toBe(0);
    expect(await observer.flush()).toEqual({ shown: 0, removed: 0 });
  });

  it('does not write of a job that was over before', async () => {
    observer.ended(start());
    expect(await observer.flush()).toEqual({ shown: 0, removed: 0 });
  });

  it('shows a checkin with its time, and the last one where there were several', async () => {
    const run = start({ id: 'j1' });
    run.checkin('begins');
    nowMs += 2_000;
    run.checkin('half <way>');
    await observer.flush();
    expect(await record('w1')).toMatchObject({ checkin: 'half <way>', checkin_at: '1795485817' });
  });

  it('never shows the checkin of the job before on the next one', async () => {
    const first = start({ id: 'j1' });
    first.checkin('half way');
    await observer.flush();
    observer.ended(first);
    start({ id: 'j2' });
    await observer.flush();
    expect(await records()).toEqual([{ job_name: 'sync', job_id: 'j2', started_at: '1795485815', args: '' }]);
  });

  it.each<[string, (run: ObservedRun) => void]>([
    ['empty', (run) => run.checkin('')],
    ['of a job that is over', (run) => (observer.ended(run), run.checkin('too late'))],
  ])('does not show a checkin that is %s', async (_, checkin) => {
    checkin(start());
    await observer.flush();
    expect((await record('w1'))['checkin']).toBeUndefined();
  });

  it('cuts a checkin at 4 KB', async () => {
    start().checkin('é'.repeat(10_000));
    await observer.flush();
    expect(Buffer.byteLength((await record('w1'))['checkin'] ?? '')).toBeLessThanOrEqual(4096);
  });

  it('writes within a pass after a checkin, else only with the pace of the heartbeat', async () => {
    const run = start({ id: 'j1' });
    expect(await observer.runOnce()).toEqual({ shown: 0, removed: 0 });
    run.checkin('begins');
    expect(await observer.runOnce()).toEqual({ shown: 1, removed: 0 });
    start({ id: 'j2' });
    nowMs += 4_999;
    expect(await observer.runOnce()).toEqual({ shown: 0, removed: 0 });
    nowMs += 1;
    expect(await observer.runOnce()).toEqual({ shown: 1, removed: 0 });
    expect(await jobIds()).toEqual(['j1', 'j2']);
  });

  it('keeps a job with its worker while it runs, and writes it anew after a minute', async () => {
    start({ id: 'j1' });
    await observer.flush();
    await test.redis.del(test.keyspace.observation('w1')); // as FLUSHALL would
    nowMs += 59_999;
    expect(await observer.flush()).toEqual({ shown: 0, removed: 0 });
    nowMs += 1;
    expect(await observer.flush()).toEqual({ shown: 1, removed: 0 });
    expect((await record('w1'))['job_id']).toBe('j1');
  });

  it('shows as many jobs as the pool has workers, and the next ones as these end', async () => {
    const runs = ['j1', 'j2', 'j3'].map((id) => start({ id }));
    await observer.flush();
    expect(await jobIds()).toEqual(['j1', 'j2']);
    observer.ended(runs[0]!);
    await observer.flush();
    expect(await jobIds()).toEqual(['j2', 'j3']);
  });

  it('moves to the new workers of a pool that was taken for dead, and removes the old ones as they end', async () => {
    const old = start({ id: 'j1' });
    await observer.flush();
    workerIds = ['w3', 'w4'];
    start({ id: 'j2' });
    await observer.flush();
    expect((await record('w1'))['job_id']).toBe('j1');
    expect((await record('w3'))['job_id']).toBe('j2');
    observer.ended(old);
    await observer.flush();
    expect(await test.redis.exists(test.keyspace.observation('w1'))).toBe(0);
  });

  it('writes hundreds of workers', async () => {
    workerIds = Array.from({ length: 450 }, (_, at) => `w${at}`);
    for (const id of workerIds) start({ id: `job of ${id}` });
    expect(await observer.flush()).toEqual({ shown: 450, removed: 0 });
    expect(await records()).toHaveLength(450);
  });

  it('removes what it has shown when it stops, and does nothing more', async () => {
    const run = start();
    run.checkin('begins');
    observer.start();
    await waitFor('the record', async () => (await records()).length === 1);
    observer.ended(run);
    await observer.stop();
    expect(await records()).toEqual([]);
  });

  it('makes a record anew where something else stands in its key', async () => {
    await test.redis.set(test.keyspace.observation('w1'), 'nonsense');
    start({ id: 'j1' });
    await observer.flush();
    expect((await record('w1'))['job_id']).toBe('j1');
  });

  it('tries again with the next pass where Redis refused, and reports the refusal', async () => {
    const refused = Object.assign(new Error('NOPERM this user has no permissions'), { name: 'ReplyError' });
    const evalsha = jest.spyOn(test.redis, 'callBuffer').mockRejectedValueOnce(refused);
    start({ id: 'j1' }).checkin('begins');
    observer.start();
    await waitFor('the record', async () => (await records()).length === 1);
    const run = (await records())[0];
    expect(run).toMatchObject({ job_id: 'j1', checkin: 'begins' });
    expect(events).toEqual([{ type: 'role_failed', role: 'Observer', error: refused }]);
    evalsha.mockRestore();
    await observer.stop();
  });
});

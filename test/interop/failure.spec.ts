import { decodeJob, type JobDocument } from '#protocol';
import { waitFor } from '../support/index.js';
import {
  describeEachGo,
  failWith,
  LATER_SECONDS,
  makeDue,
  seconds,
  type GoJobType,
  type OurPoolJobType,
  type SharedNamespace,
} from './support/index.js';

const ARGS = { to: 'ada', list: ['<b>', 1e-7], n: 9007199254740993n };
/** Text that each JSON library writes in its own way. */
const TEXT = 'boom "here" \\ <é> & \u2028 \u0001 😀';

const inGo = (type: Partial<GoJobType>) => ({
  jobs: [{ name: 'mail', maxFails: 2, backoffSeconds: LATER_SECONDS, ...type }],
});
const inOurs = (type: Partial<OurPoolJobType> = {}) => ({
  jobs: [{ name: 'mail', maxFails: 2, backoff: () => LATER_SECONDS, ...type }],
});

describeEachGo('A job that fails in a Go pool', ({ shared }) => {
  it('is retried and dies in ours, with each failure counted and told', async () => {
    const began = seconds();
    const { id } = await shared().goProducer().enqueue('mail', ARGS);
    const go = await shared().goPool(inGo({ fail: TEXT }));
    await go.ended(id);
    const failed = await entryOf(shared(), 'retry');
    await go.stop();
    expect(failed.job).toMatchObject({ id, fails: 1, err: TEXT });
    expectWithin(failed.job.failedAt, began);
    expect(failed.score).toBe(failed.job.failedAt! + LATER_SECONDS);

    await shared().startOurs(inOurs({ run: failWith('boom in ours') }));
    await shared().client.runRetryJobNow(failed.score, id);
    const run = await shared().run(id);
    expect(run.attempt).toBe(2);
    const dead = await entryOf(shared(), 'dead');
    expect(dead.job).toMatchObject({ id, fails: 2, err: 'boom in ours', failedAt: dead.score });
    expectWithin(dead.job.failedAt, began);
    expect(dead.job.argsBytes).toEqual(failed.job.argsBytes);
    const { jobs, count } = await shared().goClient().deadJobs();
    expect([count, jobs]).toMatchObject([1, [{ id, died_at: dead.score, fails: 2, err: 'boom in ours' }]]);
    expect(jobs[0]!.failed_at).toBe(dead.score);
  });

  it('is moved to its queue at its time by ours, and is as old as that', async () => {
    const { id } = await shared().goProducer().enqueue('mail', null);
    const go = await shared().goPool(inGo({ fail: TEXT }));
    await go.ended(id);
    await entryOf(shared(), 'retry');
    await go.stop();
    await makeDue(shared());
    await shared().startOurs(inOurs());
    const run = await shared().run(id);
    expect([run.attempt, run.document.err]).toEqual([2, TEXT]);
    expectWithin(run.document.t, run.document.failedAt!);
  });

  it.each<[string, Partial<GoJobType>, string | undefined]>([
    ['panics', { panic: 'kapow' }, 'kapow'],
    ['fails without a text', { fail: '' }, undefined],
  ])('is known to ours where it %s', async (_, how, err) => {
    const { id } = await shared().goProducer().enqueue('mail', null);
    const go = await shared().goPool(inGo(how));
    await go.ended(id);
    expect((await entryOf(shared(), 'retry')).job).toMatchObject({ fails: 1, err });
    const { jobs } = await shared().client.retryJobs();
    expect(jobs).toMatchObject([{ kind: 'job', job: { id, fails: 1, err } }]);
  });

  it('runs with all its attempts anew in ours when Go brings it back from the dead', async () => {
    const { id } = await shared().goProducer().enqueue('mail', null);
    const go = await shared().goPool(inGo({ fail: TEXT, maxFails: 1 }));
    await go.ended(id);
    const { score } = await entryOf(shared(), 'dead');
    await go.stop();
    await shared().goClient().retryDeadJob(score, id);
    await shared().startOurs(inOurs());
    const run = await shared().run(id);
    expect([run.attempt, run.document.err, run.document.failedAt]).toEqual([1, undefined, undefined]);
  });

  it('leaves the uniqueness to the one that was enqueued since when ours retries it', async () => {
    const go = shared().goProducer();
    const first = await go.enqueueUnique('mail', { to: 'ada' });
    const pool = await shared().goPool(inGo({ fail: TEXT }));
    await pool.ended(first!.id);
    const { score } = await entryOf(shared(), 'retry');
    await pool.stop();
    expect(await go.enqueueUniqueIn('mail', LATER_SECONDS, { to: 'ada' })).not.toBeNull();
    await shared().startOurs(inOurs());
    await shared().client.runRetryJobNow(score, first!.id);
    await shared().run(first!.id);
    await waitFor('its end', () => shared().events.some(({ type }) => type === 'job_finished'));
    expect(await go.enqueueUnique('mail', { to: 'ada' })).toBeNull();
  });
});

describeEachGo('A job that fails in ours', ({ shared }) => {
  it('is retried and dies in a Go pool, with each failure counted and told', async () => {
    const began = seconds();
    const { id } = await shared().enqueuer.enqueue('mail', ARGS);
    const pool = await shared().startOurs(inOurs({ run: failWith(TEXT) }));
    const failed = await entryOf(shared(), 'retry');
    await pool.stop();
    expect(failed.job).toMatchObject({ id, fails: 1, err: TEXT });
    expect(failed.text).toContain(String.raw`"err":"boom \"here\" \\ \u003cé\u003e \u0026 \u2028 \u0001 😀"`);
    expectWithin(failed.job.failedAt, began);
    expect(failed.score).toBe(failed.job.failedAt! + LATER_SECONDS);
    const listed = await shared().goClient().retryJobs();
    expect(listed).toMatchObject({ count: 1, jobs: [{ id, fails: 1, err: TEXT, failed_at: failed.job.failedAt }] });
    expect(listed.jobs[0]!.retry_at).toBe(failed.score);

    await shared().client.runRetryJobNow(failed.score, id);
    const go = await shared().goPool(inGo({ fail: 'boom in Go' }));
    expect((await go.ended(id)).fails).toBe(1);
    const dead = await entryOf(shared(), 'dead');
    expect(dead.job).toMatchObject({ id, fails: 2, err: 'boom in Go', failedAt: dead.score });
    expectWithin(dead.job.failedAt, began);
    expect((await shared().client.deadJobs()).jobs).toMatchObject([
      { kind: 'job', at: dead.score, job: { id, fails: 2, err: 'boom in Go', failedAt: dead.score } },
    ]);
  });

  it('is moved to its queue at its time by a Go pool', async () => {
    const { id } = await shared().enqueuer.enqueue('mail', null);
    const pool = await shared().startOurs(inOurs({ run: failWith(TEXT) }));
    await entryOf(shared(), 'retry');
    await pool.stop();
    await makeDue(shared());
    const go = await shared().goPool(inGo({}));
    expect(await go.started(id)).toMatchObject({ fails: 1 });
  });

  it('runs with all its attempts anew in a Go pool when ours brings it back from the dead', async () => {
    const { id } = await shared().enqueuer.enqueue('mail', null);
    const pool = await shared().startOurs(inOurs({ maxFails: 1, run: failWith(TEXT) }));
    const { score } = await entryOf(shared(), 'dead');
    await pool.stop();
    await shared().client.retryDeadJob(score, id);
    const go = await shared().goPool(inGo({ fail: 'boom in Go' }));
    expect(await go.started(id)).toMatchObject({ fails: 0 });
    expect((await entryOf(shared(), 'retry')).job).toMatchObject({ id, fails: 1, err: 'boom in Go' });
  });

  it('is dropped by a Go pool whose type skips the dead', async () => {
    const { id } = await shared().enqueuer.enqueue('mail', null);
    const pool = await shared().startOurs(inOurs({ run: failWith(TEXT) }));
    const { score } = await entryOf(shared(), 'retry');
    await pool.stop();
    await shared().client.runRetryJobNow(score, id);
    const go = await shared().goPool(inGo({ fail: TEXT, skipDead: true }));
    await go.ended(id);
    await go.stop();
    expect(await shared().client.jobById(id)).toMatchObject({ found: undefined, isComplete: true });
  });
});

/** The only entry of a set, as soon as it is there. */
function entryOf({ redis, keyspace }: SharedNamespace, set: 'retry' | 'dead'): Promise<Entry> {
  return waitFor(`a job in ${set}`, async () => {
    const [bytes, score] = await redis.zrangeBuffer(keyspace[set], 0, '-1', 'WITHSCORES');
    return bytes && { job: decodeJob(bytes), text: String(bytes), score: Number(score) };
  });
}

interface Entry {
  readonly text: string;
  readonly job: JobDocument;
  readonly score: number;
}

function expectWithin(time: number | undefined, from: number): void {
  expect(time).toBeGreaterThanOrEqual(from);
  expect(time).toBeLessThanOrEqual(seconds());
}

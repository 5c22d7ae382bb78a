import { encodeGoJson } from '#protocol';
import { FINISHED_BY_GO } from '../../libs/engine/liveness/reap/recovered-entry.js';
import { waitFor } from '../support/index.js';
import {
  describeEachGo,
  describeGo,
  findOrphans,
  LATER_SECONDS,
  makeDue,
  takeForDead,
  type GoWorker,
  type SharedNamespace,
} from './support/index.js';

const KEY = { to: 'ada' };
const jobs = [{ name: 'mail' }];

describeGo('master', 'A job unique by key that a Go pool has run to its end', ({ shared }) => {
  type Case = readonly [
    which: string,
    args: { readonly n: number },
    enqueue: () => Promise<{ readonly id: string } | null>,
  ];
  const cases: readonly Case[] = [
    ['for later', { n: 1 }, () => shared().goProducer().enqueueUniqueInByKey('mail', 0, { n: 1 }, KEY)],
    ['with arguments that replaced its own', { n: 2 }, enqueueTwice],
  ];

  async function enqueueTwice() {
    const go = shared().goProducer();
    const first = await go.enqueueUniqueByKey('mail', { n: 1 }, KEY);
    expect(await go.enqueueUniqueByKey('mail', { n: 2 }, KEY)).toBeNull();
    return first;
  }

  /** Resolves when the pool has settled the job, and waits for others. */
  async function runInGo([, args, enqueue]: Case): Promise<{ go: GoWorker; id: string }> {
    const { id } = (await enqueue())!;
    const go = await shared().goPool({ jobs });
    const run = await go.until('its end', () => go.runs.find(({ event }) => event === 'end'));
    expect(run.args).toEqual(args);
    const { redis, keyspace } = shared();
    await waitFor('its lock to be free', async () => (await redis.hget(keyspace.lockInfo('mail'), go.poolId)) === '0');
    return { go, id };
  }

  it.each(cases)(
    'stays in progress, and runs again with its first arguments if the pool is killed: %s',
    async (...which) => {
      const { go, id } = await runInGo(which);
      await go.kill();
      await takeForDead(shared());
      await shared().startOurs({ jobs });
      expect((await shared().run(id)).args).toEqual({ n: 1 });
    },
  );

  it.each(cases)(
    'is set aside by ours once the pool has stopped, where Go leaves it for ever: %s',
    async (...which) => {
      const { redis, keyspace, client } = shared();
      const { go, id } = await runInGo(which);
      await go.stop();
      expect(await redis.llen(keyspace.inProgress('mail', go.poolId))).toBe(1);
      expect(await redis.smembers(keyspace.workerPools)).toEqual([]); // where alone Go's reaper looks
      await findOrphans(shared());
      expect(await redis.exists(keyspace.inProgress('mail', go.poolId), keyspace.queue('mail'))).toBe(0);
      const { entries } = await client.quarantinedJobs();
      expect(entries).toMatchObject([
        { note: { reason: FINISHED_BY_GO }, text: expect.stringContaining(id) as string },
      ]);
    },
  );
});

describeEachGo('A unique job for later that Go moved, and whose arguments it wrote anew', ({ shared }) => {
  const many = { zoe: 1, ada: 'x', max: { b: [1], a: null }, eve: true, tom: '</&>', bob: 0.5 };
  type Case = readonly [by: string, args: object, enqueue: () => Promise<{ readonly id: string } | null>];
  const odd = { list: [], id: 123456789012345678n, third: 1 / 3 };
  const cases: readonly Case[] = [
    ['ours, whatever they are', odd, () => shared().enqueuer.enqueueUniqueIn('mail', 0, odd)],
    ['Go', many, () => shared().goProducer().enqueueUniqueIn('mail', 0, many)],
  ];

  it.each(cases)('frees its uniqueness when ours runs it: enqueued by %s', async (_, args, enqueue) => {
    const { enqueuer, client, redis, keyspace } = shared();
    const { id } = (await enqueue())!;
    await client.pause('mail');
    const go = await shared().goPool({ jobs });
    await waitFor('it to be moved', async () => (await redis.llen(keyspace.queue('mail'))) === 1);
    await go.stop();
    expect(await enqueuer.enqueueUnique('mail', args)).toBeNull();
    await client.resume('mail');
    await shared().startOurs({ jobs });
    const { argsBytes } = await shared().run(id);
    expect(String(argsBytes)).not.toBe(encodeGoJson(args));
    expect(await enqueuer.enqueueUnique('mail', args)).not.toBeNull();
  });
});

describeEachGo('A unique job that Go retries', ({ shared }) => {
  it('frees the uniqueness of one that was enqueued since', async () => {
    const { enqueuer } = shared();
    const { id } = (await enqueuer.enqueueUnique('mail', KEY))!;
    await failInGo(shared(), id);
    expect(await enqueuer.enqueueUniqueIn('mail', LATER_SECONDS, KEY)).not.toBeNull();
    expect(await enqueuer.enqueueUnique('mail', KEY)).toBeNull();
    await retryInGo(shared(), id);
    expect(await enqueuer.enqueueUnique('mail', KEY)).not.toBeNull();
  });
});

describeGo('master', 'A job unique by key that Go retries', ({ shared }) => {
  it('runs with the arguments of one that was enqueued since, and frees its key', async () => {
    const { enqueuer } = shared();
    const { id } = (await enqueuer.enqueueUniqueByKey('mail', { n: 1 }, KEY))!;
    await failInGo(shared(), id);
    const newer = await enqueuer.enqueueUniqueInByKey('mail', LATER_SECONDS, { n: 2 }, KEY);
    expect(await retryInGo(shared(), newer!.id)).toEqual({ n: 2 });
    expect(await enqueuer.enqueueUniqueByKey('mail', { n: 3 }, KEY)).not.toBeNull();
  });
});

describeGo('v0.5.1', 'A unique job of whose arguments a Go pool makes others', ({ shared }) => {
  it.each<[string, 'enqueueUnique' | 'enqueueUniqueIn', object]>([
    ['an integer beyond 2⁵³', 'enqueueUnique', { id: 9007199254740993n }],
    ['an empty list, for later', 'enqueueUniqueIn', { list: [] }],
    ['an integer of 16 digits, for later', 'enqueueUniqueIn', { id: 1234567890123456 }],
    ['a fraction, for later', 'enqueueUniqueIn', { third: 1 / 3 }],
  ])('stays unique for the rest of a day after it ran there: %s', async (_, how, args) => {
    const { enqueuer } = shared();
    const enqueue = () =>
      how === 'enqueueUnique' ? enqueuer.enqueueUnique('mail', args) : enqueuer.enqueueUniqueIn('mail', 0, args);
    const { id } = (await enqueue())!;
    const go = await shared().goPool({ jobs });
    await go.ended(id);
    expect(await enqueue()).toBeNull();
  });
});

describeEachGo('A unique job for later with an integer beyond 2⁵³', ({ shared }) => {
  it('leaves its key behind for a day when Go’s client deletes it', async () => {
    const { enqueuer } = shared();
    const args = { id: 9007199254740993n };
    const { id, runAt } = (await enqueuer.enqueueUniqueIn('mail', LATER_SECONDS, args))!;
    await shared().goClient().deleteScheduledJob(secondsOf(runAt), id);
    expect(await enqueuer.enqueueUnique('mail', args)).toBeNull();
  });
});

describeGo('master', 'A job for later that is unique by key', ({ shared }) => {
  it('leaves its key behind for a day when Go’s client deletes it; ours frees it', async () => {
    const { enqueuer, client } = shared();
    const enqueue = () => enqueuer.enqueueUniqueInByKey('mail', LATER_SECONDS, { n: 1 }, KEY);
    const ofGo = (await enqueue())!;
    await shared().goClient().deleteScheduledJob(secondsOf(ofGo.runAt), ofGo.id);
    expect((await client.scheduledJobs()).count).toBe(0);
    expect(await enqueue()).toBeNull();
    expect(await client.releaseUnique('mail', KEY)).toBe(true);
    const ofOurs = (await enqueue())!;
    await client.deleteScheduledJob(secondsOf(ofOurs.runAt), ofOurs.id);
    expect(await enqueue()).not.toBeNull();
  });
});

const secondsOf = (date: Date) => Math.floor(date.getTime() / 1000);

/** Resolves when the job waits for its next attempt. */
async function failInGo(shared: SharedNamespace, id: string): Promise<void> {
  const { redis, keyspace } = shared;
  const go = await shared.goPool({ jobs: [{ name: 'mail', fail: 'boom', backoffSeconds: LATER_SECONDS }] });
  await go.ended(id);
  await waitFor('its failure', async () => (await redis.zcard(keyspace.retry)) === 1);
  await go.stop();
}

/** The arguments of its next attempt, as it runs under this id. */
async function retryInGo(shared: SharedNamespace, id: string): Promise<unknown> {
  const go = await shared.goPool({ jobs: [{ name: 'mail', wait: true }] });
  await makeDue(shared);
  return (await go.started(id)).args;
}

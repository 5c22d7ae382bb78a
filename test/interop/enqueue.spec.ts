import { waitFor } from '../support/index.js';
import { describeEachGo, describeGo, GoError, LATER_SECONDS, type GoProducer } from './support/index.js';

const jobs = [{ name: 'mail' }];

const ARGS = {
  text: 'é <b> & "q" \\ \u2028 😀',
  count: 3,
  ratio: 0.1,
  tiny: 1e-7,
  yes: true,
  nothing: null,
  list: [1, 'two', [], {}],
  nested: { '': 'an empty key', list: [[]], last: -5 },
};

describeEachGo('What Go enqueues', ({ shared }) => {
  const calls: Record<string, (go: GoProducer, args: object | null) => Promise<{ readonly id: string } | null>> = {
    enqueue: (go, args) => go.enqueue('mail', args),
    enqueueIn: (go, args) => go.enqueueIn('mail', 0, args),
    enqueueUnique: (go, args) => go.enqueueUnique('mail', args),
    enqueueUniqueIn: (go, args) => go.enqueueUniqueIn('mail', 0, args),
  };

  it.each(Object.entries(calls))('by %s runs in a pool of ours with equal arguments', async (_, call) => {
    await shared().startOurs({ jobs });
    const go = shared().goProducer();
    const given = [ARGS, {}, null];
    const enqueued = await Promise.all(given.map((args) => call(go, args)));
    for (const [index, job] of enqueued.entries()) expect((await shared().run(job!.id)).args).toEqual(given[index]);
    await waitFor('the end', () => shared().events.filter(({ type }) => type === 'job_finished').length === 3);
    expect(shared().runs).toHaveLength(3);
  });

  it.each(['enqueueUnique', 'enqueueUniqueIn'])('by %s is once in Redis until a pool of ours runs it', async (name) => {
    const call = calls[name]!;
    const go = shared().goProducer();
    const first = await call(go, ARGS);
    expect(await call(go, ARGS)).toBeNull();
    expect(await shared().enqueuer.enqueueUnique('mail', ARGS)).toBeNull();
    await shared().startOurs({ jobs });
    await shared().run(first!.id);
    const second = await call(go, ARGS);
    await shared().run(second!.id);
    expect(shared().runs.map(({ id }) => id)).toEqual([first!.id, second!.id]);
  });

  it('for later waits for its time, and is listed with it', async () => {
    const job = await shared().goProducer().enqueueIn('mail', LATER_SECONDS, ARGS);
    expect(job.run_at).toBe(job.t + LATER_SECONDS);
    const { jobs: listed } = await shared().client.scheduledJobs();
    expect(listed).toMatchObject([{ kind: 'job', at: job.run_at, job: { id: job.id, t: job.t, args: ARGS } }]);
  });

  it('runs in the order in which it was enqueued', async () => {
    const go = shared().goProducer();
    const ids: string[] = [];
    for (let n = 0; n < 20; n += 1) ids.push((await go.enqueue('mail', { n })).id);
    await shared().startOurs({ jobs, concurrency: 1 });
    await shared().run(ids.at(-1)!);
    expect(shared().runs.map(({ id }) => id)).toEqual(ids);
  });
});

describeGo('master', 'What Go enqueues by key', ({ shared }) => {
  it('runs in a pool of ours, once, with the arguments that came last', async () => {
    const go = shared().goProducer();
    const first = await go.enqueueUniqueByKey('mail', { n: 1 }, { to: 'ada' });
    expect(await go.enqueueUniqueByKey('mail', ARGS, { to: 'ada' })).toBeNull();
    await shared().startOurs({ jobs });
    const run = await waitFor('the run', () => shared().runs[0]);
    expect(run.args).toEqual(ARGS);
    expect(run.id).not.toBe(first!.id);
    const next = await go.enqueueUniqueByKey('mail', { n: 3 }, { to: 'ada' });
    expect((await shared().run(next!.id)).args).toEqual({ n: 3 });
    expect(shared().runs).toHaveLength(2);
  });

  it('runs in a pool of ours at its time, once, with the arguments that came last', async () => {
    const go = shared().goProducer();
    await go.enqueueUniqueInByKey('mail', 0, { n: 1 }, { to: 'ada' });
    expect(await go.enqueueUniqueInByKey('mail', LATER_SECONDS, ARGS, { to: 'ada' })).toBeNull();
    await shared().startOurs({ jobs });
    await waitFor('the run', () => shared().runs[0]);
    const last = await go.enqueueUniqueInByKey('mail', 0, { n: 2 }, { to: 'ada' });
    await shared().run(last!.id);
    expect(shared().runs.map(({ args }) => args)).toEqual([ARGS, { n: 2 }]);
  });

  it.each([{ to: 'ada' }, {}])('is not enqueued by ours again: %j', async (key) => {
    await shared().goProducer().enqueueUniqueByKey('mail', { n: 1 }, key);
    expect(await shared().enqueuer.enqueueUniqueByKey('mail', ARGS, key)).toBeNull();
    await shared().startOurs({ jobs });
    expect((await waitFor('the run', () => shared().runs[0])).args).toEqual(ARGS);
  });
});

describeGo('v0.5.1', 'What Go enqueues by key', ({ shared }) => {
  it('does not exist', async () => {
    await expect(shared().goProducer().enqueueUniqueByKey('mail', null, {})).rejects.toThrow(GoError);
  });
});

describeEachGo('What ours enqueues', ({ shared, dialect }) => {
  const calls: Record<string, (args: object | null) => Promise<{ readonly id: string } | null>> = {
    enqueue: (args) => shared().enqueuer.enqueue('mail', args),
    enqueueIn: (args) => shared().enqueuer.enqueueIn('mail', 0, args),
    enqueueAt: (args) => shared().enqueuer.enqueueAt('mail', new Date(0), args),
    enqueueUnique: (args) => shared().enqueuer.enqueueUnique('mail', args),
    enqueueUniqueIn: (args) => shared().enqueuer.enqueueUniqueIn('mail', 0, args),
    enqueueUniqueByKey: (args) => shared().enqueuer.enqueueUniqueByKey('mail', args, { args }),
    enqueueUniqueInByKey: (args) => shared().enqueuer.enqueueUniqueInByKey('mail', 0, args, { args }),
    enqueueMany: async (args) => (await shared().enqueuer.enqueueMany('mail', [args]))[0]!,
  };

  it('runs in a Go pool with equal arguments, by whichever call', async () => {
    const expected: { readonly id: string; readonly args: unknown }[] = [];
    for (const [name, call] of Object.entries(calls)) {
      const args = { ...ARGS, name };
      const runsAsWritten = !/In|At/.test(name) || (dialect === 'master' && name.endsWith('ByKey'));
      expected.push({ id: (await call(args))!.id, args: runsAsWritten ? args : movedByGo(args) });
    }
    expected.push({ id: (await calls['enqueue']!(null))!.id, args: null });
    const go = await shared().goPool({ jobs });
    for (const { id, args } of expected) expect((await go.ended(id)).args).toEqual(args);
    expect(go.starts).toHaveLength(expected.length);
  });

  it.each(['enqueueUnique', 'enqueueUniqueIn'])('by %s is once in Redis until a Go pool runs it', async (name) => {
    const args = { to: 'ada', count: 3 };
    const first = await calls[name]!(args);
    expect(await calls[name]!(args)).toBeNull();
    expect(await shared().goProducer().enqueueUnique('mail', args)).toBeNull();
    const go = await shared().goPool({ jobs: [{ name: 'mail', wait: true }] });
    await go.started(first!.id);
    const second = await shared().enqueuer.enqueueUnique('mail', args);
    go.end(first!.id);
    await go.started(second!.id);
  });

  it('runs in the order in which it was enqueued', async () => {
    const ids: string[] = [];
    for (let n = 0; n < 20; n += 1) ids.push((await shared().enqueuer.enqueue('mail', { n })).id);
    const go = await shared().goPool({ jobs, concurrency: 1 });
    await go.ended(ids.at(-1)!);
    expect(go.starts.map(({ id }) => id)).toEqual(ids);
  });

  it('by key runs in a Go pool with the arguments that come last; v0.5.1 knows only the first', async () => {
    await shared().enqueuer.enqueueUniqueByKey('mail', { n: 1 }, { to: 'ada' });
    expect(await shared().enqueuer.enqueueUniqueByKey('mail', { n: 2 }, { to: 'ada' })).toBeNull();
    const go = await shared().goPool({ jobs });
    const [run] = await go.until('a run', () => (go.runs.length === 2 ? go.runs : undefined));
    expect(run!.args).toEqual(dialect === 'master' ? { n: 2 } : { n: 1 });
  });
});

describeEachGo('What a job is unique by', ({ shared, dialect }) => {
  it('lasts for a day; an enqueue that Go refuses begins it anew, except in v0.5.1', async () => {
    const { enqueuer, redis, keyspace } = shared();
    await enqueuer.enqueueUnique('mail', { to: 'ada' });
    const key = `${keyspace.uniquePrefix('mail')}{"to":"ada"}\n`;
    await redis.expire(key, 500);
    expect(await shared().goProducer().enqueueUnique('mail', { to: 'ada' })).toBeNull();
    expect((await redis.ttl(key)) > 500).toBe(dialect === 'master');
  });
});

describeGo('v0.5.1', 'A job of ours that is unique by key', ({ shared }) => {
  it('stays so for the rest of a day after a Go pool ran it, since that does not know its key', async () => {
    const { enqueuer, client, redis, keyspace } = shared();
    const job = await enqueuer.enqueueUniqueByKey('mail', { n: 1 }, { to: 'ada' });
    const go = await shared().goPool({ jobs });
    await go.ended(job!.id);
    await go.drain();
    const left = `${keyspace.uniquePrefix('mail')}{"to":"ada"}\n`;
    expect(await redis.ttl(left)).toBeGreaterThan(86_000);
    await redis.expire(left, 500);
    expect(await enqueuer.enqueueUniqueByKey('mail', { n: 2 }, { to: 'ada' })).toBeNull();
    const ttl = await redis.ttl(left);
    expect([ttl > 0, ttl <= 500]).toEqual([true, true]);
    expect(await redis.llen(keyspace.queue('mail'))).toBe(0);
    expect(await client.releaseUnique('mail', { to: 'ada' })).toBe(true);
    const next = await enqueuer.enqueueUniqueByKey('mail', { n: 3 }, { to: 'ada' });
    await go.ended(next!.id);
  });
});

/** Go's requeuers decode and encode a job in Lua, which makes an empty object of an empty list. */
function movedByGo(args: object): unknown {
  return JSON.parse(JSON.stringify(args).replaceAll('[]', '{}'));
}

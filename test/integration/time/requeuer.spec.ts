import { decodeQuarantined, type Keyspace } from '#protocol';
import type { WorkRedis } from '#store';
import type { WorkEvent } from '../../../libs/engine/events.js';
import { Requeuer, type WaitingSet } from '../../../libs/engine/time/index.js';
import { ManualClock } from '../../support/manual-clock.js';
import { describeRedis, testRedis, type TestRedis } from '../../support/index.js';
import { dumpedValue, restoreDump, wireDump } from '../../support/wire-dump.js';

const NOW = 1_800_000_000;

describeRedis('Requeuer', () => {
  let test: TestRedis;
  let keys: Keyspace;
  let clock: ManualClock;
  let events: WorkEvent[];

  beforeEach(() => {
    test = testRedis();
    keys = test.keyspace;
    clock = new ManualClock(NOW * 1000);
    events = [];
  });
  afterEach(() => test.close());

  const requeuer = (set: WaitingSet = 'scheduled', redis: WorkRedis = test.redis) => {
    return new Requeuer({
      redis,
      keyspace: keys,
      set,
      clock,
      random: () => 0.5,
      report: (event) => events.push(event),
    });
  };
  const job = (id: string, more: object = {}) => JSON.stringify({ name: 'mail', id, t: 1, args: null, ...more });
  const waits = (set: WaitingSet, score: number | string, member: string | Buffer) =>
    test.redis.zadd(keys[set], score, member);
  const queued = (name = 'mail') => test.redis.lrange(keys.queue(name), 0, -1);
  const quarantined = async () => (await test.redis.lrangeBuffer(keys.ext.quarantine, 0, -1)).map(decodeQuarantined);
  const oldestFirst = async () => (await queued()).reverse().map((text) => (JSON.parse(text) as { id: string }).id);

  it('moves what is due, the earliest next to run, enqueued now', async () => {
    await waits('scheduled', NOW, job('c'));
    await waits('scheduled', NOW - 20, job('a'));
    await waits('scheduled', NOW - 10, job('b'));
    const tally = await requeuer().runOnce();
    expect(tally).toEqual({ moved: 3, dropped: 0, quarantined: 0, next: undefined });
    expect(await oldestFirst()).toEqual(['a', 'b', 'c']);
    expect((await queued())[0]).toBe(`{"name":"mail","id":"c","t":${NOW},"args":null}`);
    expect(await test.redis.exists(keys.scheduled)).toBe(0);
  });

  it('leaves what is not due, and says when it will be', async () => {
    await waits('retry', NOW + 7, job('later'));
    expect(await requeuer('retry').runOnce()).toMatchObject({ moved: 0, next: NOW + 7 });
    clock.pass(6_999);
    expect(await requeuer('retry').runOnce()).toMatchObject({ moved: 0 });
    clock.pass(1);
    expect(await requeuer('retry').runOnce()).toMatchObject({ moved: 1, next: undefined });
  });

  it('reads scores that no integer stands for', async () => {
    await waits('scheduled', '-inf', job('a'));
    await waits('scheduled', NOW - 0.5, job('b'));
    await waits('scheduled', '+inf', job('never'));
    expect(await requeuer().runOnce()).toMatchObject({ moved: 2, next: Infinity });
  });

  it('moves a job whose name no pool knows to the queue of that name, which is known from then on', async () => {
    await waits('retry', NOW, job('a', { name: 'of:another service' }));
    await requeuer('retry').runOnce();
    expect(await queued('of:another service')).toHaveLength(1);
    expect(await test.redis.smembers(keys.knownJobs)).toEqual(['of:another service']);
    expect(await test.redis.exists(keys.dead)).toBe(0);
  });

  it('changes nothing but the time in what Go wrote: no float, no empty array, no escape', async () => {
    await restoreDump(test, '09-retry-1-inretry');
    const [member = ''] = dumpedValue(wireDump('09-retry-1-inretry'), 'w:retry');
    await requeuer('retry').runOnce();
    expect(await queued('fail')).toEqual([member.replace('"t":1795485849', `"t":${NOW}`)]);
  });

  it('keeps bytes that are no UTF-8', async () => {
    const member = Buffer.concat([
      Buffer.from('{"name":"mail","t":1,"id":"'),
      Buffer.from([0xff, 0xfe]),
      Buffer.from('"}'),
    ]);
    await waits('scheduled', NOW, member);
    await requeuer().runOnce();
    const [bytes] = await test.redis.lrangeBuffer(keys.queue('mail'), 0, -1);
    expect(bytes?.toString('latin1')).toBe(member.toString('latin1').replace('"t":1', `"t":${NOW}`));
  });

  it('sets aside what is no job, and moves what waits behind it', async () => {
    await restoreDump(test, '17-poison-sched');
    expect(await requeuer().runOnce()).toMatchObject({ moved: 1, quarantined: 1 });
    expect(await queued('ok')).toHaveLength(1);
    const [entry] = await quarantined();
    expect(entry).toEqual({
      note: { reason: 'it is no JSON object', from: keys.scheduled, at: NOW },
      bytes: Buffer.from('notjson'),
    });
    expect(events).toContainEqual({ type: 'job_quarantined', queue: 'scheduled', reason: 'it is no JSON object' });
  });

  it('sets aside a job without a name instead of losing it', async () => {
    await waits('retry', NOW, '{"id":"x","t":1,"args":null}');
    expect(await requeuer('retry').runOnce()).toMatchObject({ moved: 0, quarantined: 1 });
    expect((await quarantined())[0]?.note.reason).toBe('it has no name');
  });

  it('sets aside a job whose queue is another key, and leaves that key alone', async () => {
    await test.redis.set(keys.lock('mail'), '3');
    await waits('scheduled', NOW - 1, job('bad', { name: 'mail:lock' }));
    await waits('scheduled', NOW, job('good'));
    expect(await requeuer().runOnce()).toMatchObject({ moved: 1, quarantined: 1 });
    expect(await test.redis.get(keys.lock('mail'))).toBe('3');
    expect((await quarantined())[0]?.note.reason).toBe(`the key of its queue, ${keys.lock('mail')}, is no list`);
  });

  it('drains a backlog in batches, in its order', async () => {
    const pairs = Array.from({ length: 1_203 }, (_, index) => [NOW - 2_000 + index, job(`j${index}`)]).flat();
    await test.redis.zadd(keys.scheduled, ...pairs);
    expect(await requeuer().runOnce()).toMatchObject({ moved: 1_203, next: undefined });
    expect(await oldestFirst()).toEqual(Array.from({ length: 1_203 }, (_, index) => `j${index}`));
  });

  it('moves each job once where three do it at the same time', async () => {
    const pairs = Array.from({ length: 2_000 }, (_, index) => [NOW - (index % 7), job(`j${index}`)]).flat();
    await test.redis.zadd(keys.retry, ...pairs);
    const tallies = await Promise.all([1, 2, 3].map(() => requeuer('retry', test.connect()).runOnce()));
    expect(tallies.reduce((sum, { moved }) => sum + moved, 0)).toBe(2_000);
    expect(new Set(await oldestFirst()).size).toBe(2_000);
    expect(await test.redis.llen(keys.queue('mail'))).toBe(2_000);
  });

  describe('with a tick of a periodic job', () => {
    const id = `periodic:mail:* * * * *:${NOW}`;
    const tick = job(id, { t: NOW });

    it('moves it once, whoever puts it back', async () => {
      await waits('scheduled', NOW, tick);
      expect(await requeuer().runOnce()).toMatchObject({ moved: 1, dropped: 0 });
      await waits('scheduled', NOW, tick);
      expect(await requeuer().runOnce()).toMatchObject({ moved: 0, dropped: 1 });
      expect(await queued()).toHaveLength(1);
      expect(await test.redis.exists(keys.scheduled)).toBe(0);
      expect(await test.redis.ttl(keys.ext.fired(id))).toBeGreaterThan(3_590);
      expect(events.at(-1)).toEqual({ type: 'jobs_requeued', set: 'scheduled', moved: 0, dropped: 1, quarantined: 0 });
    });

    it('moves it again after it has failed', async () => {
      await waits('scheduled', NOW, tick);
      await requeuer().runOnce();
      await waits('retry', NOW, job(id, { t: NOW, fails: 1, err: 'no', failed_at: NOW }));
      expect(await requeuer('retry').runOnce()).toMatchObject({ moved: 1, dropped: 0 });
      await waits('scheduled', NOW, job(id, { t: NOW, fails: 1 }));
      expect(await requeuer().runOnce()).toMatchObject({ moved: 1, dropped: 0 });
    });

    it('moves it again after its run has put it off', async () => {
      await waits('scheduled', NOW, tick);
      await requeuer().runOnce();
      clock.pass(30_000);
      await waits('scheduled', NOW + 30, job(id, { t: NOW + 1 }));
      expect(await requeuer().runOnce()).toMatchObject({ moved: 1, dropped: 0 });
    });

    it('leaves no mark where its queue refuses it', async () => {
      await test.redis.set(keys.queue('mail'), 'no list');
      await waits('scheduled', NOW, tick);
      expect(await requeuer().runOnce()).toMatchObject({ moved: 0, quarantined: 1 });
      expect(await test.redis.exists(keys.ext.fired(id))).toBe(0);
    });
  });
});

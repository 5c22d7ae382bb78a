import type { WorkEvent } from '#engine';
import { decodeJob, decodeQuarantined } from '#protocol';
import { beginReap, moveBack, removePool } from '#store';
import { Reap } from '../../../libs/engine/liveness/reap/reap.js';
import { POISON_REASON } from '../../../libs/engine/liveness/reap/recovered-entry.js';
import { describeRedis, testRedis, type TestRedis } from '../../support/index.js';
import { ManualClock } from '../../support/manual-clock.js';
import { holdJobs, PoolInTest, type PoolInTestOptions } from '../../support/pool-in-test.js';

const job = (id: string, rest = '') => `{"name":"send","id":"${id}","t":1,"args":{"e":[ ]}${rest}}`;

describeRedis('the reap of dead pools', () => {
  let test: TestRedis;
  let clock: ManualClock;
  beforeEach(() => {
    test = testRedis();
    clock = new ManualClock();
  });
  afterEach(() => test.close());

  const pool = (id: string, options: Partial<PoolInTestOptions> = {}) => {
    const { redis, keyspace } = test;
    return new PoolInTest({ redis, keyspace, clock, ids: ['worker', id], ...options }).register();
  };
  const queued = (name = 'send') => test.redis.lrange(test.keyspace.queue(name), 0, -1);
  const idsRunNext = async () => (await queued()).toReversed().map((entry) => decodeJob(Buffer.from(entry)).id);
  const keysOf = async (...poolIds: string[]) =>
    (await test.redis.keys(`${test.namespace}:*`)).filter((key) => poolIds.some((id) => key.split(':').includes(id)));

  async function goPool(id: string, heartbeatAt: number | undefined, jobNames = 'send') {
    await test.redis.sadd(test.keyspace.workerPools, id);
    if (heartbeatAt === undefined) return;
    await test.redis.hset(test.keyspace.heartbeat(id), { heartbeat_at: heartbeatAt, job_names: jobNames });
  }

  it('gives the jobs of a pool whose beat stopped back after five looks, and not before', async () => {
    const [living, dead] = [await pool('a'), await pool('b')];
    await dead.hold('send', [job('1')]);
    for (let look = 0; look < 5; look += 1) expect((await living.beatAndLook()).reaps).toEqual([]);
    expect((await living.beatAndLook()).reaps).toEqual([{ poolId: 'b', outcome: 'reaped', recovered: 1, poisoned: 0 }]);
    expect(await queued()).toEqual([job('1', ',"_recovered":1')]);
    expect(living.events).toContainEqual({
      type: 'pool_reaped',
      poolId: 'b',
      cause: 'dead',
      recovered: 1,
      poisoned: 0,
    });
  });

  it('leaves a pool alone that beats only now and then', async () => {
    const [living, slow] = [await pool('a'), await pool('b')];
    for (let look = 1; look <= 24; look += 1) {
      if (look % 4 === 0) await slow.beat();
      expect((await living.beatAndLook()).reaps).toEqual([]);
    }
    expect(await slow.beat()).toBe('accepted');
  });

  it('fences the dead pool, and leaves nothing of it', async () => {
    const [living, dead] = [await pool('a'), await pool('b')];
    await dead.hold('send', [job('1')]);
    await test.redis.set(test.keyspace.ext.call('b'), '7');
    await test.redis.hset(test.keyspace.ext.suspect('b'), '1', '1');
    await living.lookUntilReaped();
    expect(await dead.beat()).toBe('fenced');
    expect(dead.fenced).toEqual(['b']);
    expect(await keysOf('b')).toEqual([]);
    expect(await test.redis.smembers(test.keyspace.workerPools)).toEqual(['a']);
    expect(await test.redis.hkeys(test.keyspace.ext.pools)).toEqual(['a']);
    expect(await test.redis.exists(test.keyspace.ext.reaping)).toBe(0);
    expect(await test.redis.hexists(test.keyspace.lockInfo('send'), 'b')).toBe(0);
    expect(await test.redis.get(test.keyspace.lock('send'))).toBe('0');
  });

  it('puts the jobs where they came from: before all that wait, the oldest first', async () => {
    const [living, dead] = [await pool('a'), await pool('b')];
    await test.redis.lpush(test.keyspace.queue('send'), job('w1'), job('w2'));
    await dead.hold('send', [job('1'), job('2'), job('3')]);
    await living.lookUntilReaped();
    expect(await idsRunNext()).toEqual(['1', '2', '3', 'w1', 'w2']);
  });

  it('moves 2,500 jobs in calls of at most a thousand, and keeps their order', async () => {
    const { redis, keyspace } = test;
    await pool('b');
    const ids = Array.from({ length: 2_500 }, (_, i) => String(i));
    await holdJobs(
      redis,
      keyspace,
      'b',
      'send',
      ids.map((id) => job(id)),
    );
    await beginReap(redis, keyspace, 'b', { kind: 'dead', heartbeatAt: String(clock.nowMs() / 1000) });
    const step = { poolId: 'b', lists: [{ poolId: 'b', jobName: 'send' }] };
    const moved: number[] = [];
    let reply = await moveBack(redis, keyspace, { ...step, entries: [] });
    while (reply.kind === 'reaping' && reply.next.length > 0) {
      const entries = reply.next.map((entry) => ({ ...entry, fate: { kind: 'back' as const, bytes: entry.bytes } }));
      moved.push(entries.length);
      reply = await moveBack(redis, keyspace, { ...step, entries });
      expect(await redis.get(keyspace.lock('send'))).toBe(String(await redis.llen(keyspace.inProgress('send', 'b'))));
    }
    expect(moved).toEqual([1_000, 1_000, 500]);
    expect(await idsRunNext()).toEqual(ids);
  });

  it('reads at most about 4 MB at once', async () => {
    const { redis, keyspace } = test;
    await pool('b');
    const large = 'x'.repeat(100_000);
    await holdJobs(
      redis,
      keyspace,
      'b',
      'send',
      Array.from({ length: 300 }, () => large),
    );
    await beginReap(redis, keyspace, 'b', { kind: 'dead', heartbeatAt: String(clock.nowMs() / 1000) });
    const step = { poolId: 'b', lists: [{ poolId: 'b', jobName: 'send' }], entries: [] };
    const reply = await moveBack(redis, keyspace, step);
    expect(reply.kind === 'reaping' && reply.next.length).toBe(100);
  });

  it('recovers each job once where several pools do it at the same time', async () => {
    const living = [await pool('a'), await pool('c')];
    await goPool('b', 7);
    const ids = Array.from({ length: 1_500 }, (_, i) => String(i));
    await holdJobs(
      test.redis,
      test.keyspace,
      'b',
      'send',
      ids.map((id) => job(id)),
    );
    const { keyspace } = test;
    const reaps = living.map(() => {
      const options = { redis: test.connect(), keyspace, clock, report: () => {} };
      return new Reap(options, 'b', { kind: 'dead', heartbeatAt: '7' }).run();
    });
    const tallies = await Promise.all(reaps);
    expect(tallies.reduce((sum, { recovered }) => sum + recovered, 0)).toBe(1_500);
    expect(await idsRunNext()).toEqual(ids);
    expect(await test.redis.get(keyspace.lock('send'))).toBe('0');
  });

  it('goes on at once with what another pool began and did not end', async () => {
    const living = await pool('a');
    await holdJobs(test.redis, test.keyspace, 'gone', 'send', [job('1')]);
    await test.redis.sadd(test.keyspace.ext.reaping, 'gone');
    const { reaps } = await living.beatAndLook();
    expect(reaps).toEqual([{ poolId: 'gone', outcome: 'reaped', recovered: 1, poisoned: 0 }]);
    expect(await keysOf('gone')).toEqual([]);
  });

  describe("of Go's pools", () => {
    it('gives back what one held whose beat stopped, whatever its clock says', async () => {
      const living = await pool('a');
      await goPool('go1', clock.nowMs() / 1000 + 3_600);
      await holdJobs(test.redis, test.keyspace, 'go1', 'send', [job('1')]);
      const { reaps } = await living.lookUntilReaped();
      expect(reaps).toMatchObject([{ poolId: 'go1', outcome: 'reaped', recovered: 1 }]);
      expect(await test.redis.smembers(test.keyspace.workerPools)).toEqual(['a']);
    });

    it('gives a unique job back as one that has claimed its key, which is a newer one’s by now', async () => {
      const [living, dead] = [await pool('a'), await pool('b')];
      const unique = ',"unique":true';
      await goPool('go1', 7);
      await holdJobs(test.redis, test.keyspace, 'go1', 'send', [job('gos', unique)]);
      await dead.hold('send', [job('ours', unique)]);
      await living.lookUntilReaped();
      await living.beatAndLook();
      const entries = (await queued()).map((entry) => decodeJob(Buffer.from(entry)));
      const claimed = Object.fromEntries(entries.map((entry) => [entry.id, entry.claimed]));
      expect(claimed).toEqual({ gos: true, ours: false });
    });

    it('leaves one alone whose clock is an hour late but whose beat changes', async () => {
      const living = await pool('a');
      for (let look = 0; look < 12; look += 1) {
        await goPool('go1', clock.nowMs() / 1000 - 3_600);
        expect((await living.beatAndLook()).reaps).toEqual([]);
      }
    });

    it('gives back what one held that has no heartbeat hash, of every known type', async () => {
      const living = await pool('a', { types: [{ name: 'other' }] });
      await test.redis.sadd(test.keyspace.knownJobs, 'send');
      await goPool('go1', undefined);
      await holdJobs(test.redis, test.keyspace, 'go1', 'send', [job('1')]);
      expect((await living.lookUntilReaped()).reaps).toMatchObject([{ outcome: 'reaped', recovered: 1 }]);
      expect(await idsRunNext()).toEqual(['1']);
    });

    it('leaves one alone that beat at the last moment', async () => {
      await pool('a');
      await goPool('go1', 7);
      await goPool('go1', 8);
      const reply = await beginReap(test.redis, test.keyspace, 'go1', { kind: 'dead', heartbeatAt: '7' });
      expect(reply).toEqual({ kind: 'alive' });
      expect(await test.redis.sismember(test.keyspace.workerPools, 'go1')).toBe(1);
    });

    it('ends the reap of one that has added itself again', async () => {
      const living = await pool('a');
      await goPool('go1', 7);
      await beginReap(test.redis, test.keyspace, 'go1', { kind: 'dead', heartbeatAt: '7' });
      await goPool('go1', 8);
      await holdJobs(test.redis, test.keyspace, 'go1', 'send', [job('1')]);
      const step = { poolId: 'go1', lists: [{ poolId: 'go1', jobName: 'send' }], entries: [] };
      expect(await moveBack(test.redis, test.keyspace, step)).toEqual({ kind: 'back' });
      await test.redis.sadd(test.keyspace.ext.reaping, 'go1');
      expect((await living.beatAndLook()).reaps).toMatchObject([{ poolId: 'go1', outcome: 'back' }]);
      expect(await test.redis.exists(test.keyspace.ext.reaping)).toBe(0);
      expect(await test.redis.llen(test.keyspace.inProgress('send', 'go1'))).toBe(1);
      expect(await test.redis.sismember(test.keyspace.workerPools, 'go1')).toBe(1);
    });
  });

  describe('of a pool that was fenced before it died', () => {
    it('reaps what it held under all of its ids, the older jobs first in line', async () => {
      const living = await pool('a');
      const dead = await pool('b1', { ids: ['worker', 'b1', 'b2'] });
      await dead.hold('send', [job('1'), job('2')]);
      await dead.registration.renew();
      await dead.hold('send', [job('3')]);
      const { reaps } = await living.lookUntilReaped();
      expect(reaps).toMatchObject([{ poolId: 'b2', outcome: 'reaped', recovered: 3 }]);
      expect(await idsRunNext()).toEqual(['1', '2', '3']);
      expect(await keysOf('b1', 'b2')).toEqual([]);
      expect(await test.redis.hkeys(test.keyspace.ext.pools)).toEqual(['a']);
    });

    it('leaves an older id alone whose process has taken a new one meanwhile', async () => {
      const { redis, keyspace } = test;
      const renewed = await pool('b1', { ids: ['worker', 'b1', 'b2', 'b3'] });
      await renewed.hold('send', [job('1')]);
      await renewed.registration.renew();
      const began = await beginReap(redis, keyspace, 'b2', { kind: 'dead', heartbeatAt: String(clock.nowMs() / 1000) });
      expect(began).toMatchObject({ kind: 'reaping', olderIds: ['b1'] });
      await renewed.registration.renew();
      const tally = await new Reap({ redis, keyspace, clock, report: () => {} }, 'b2', { kind: 'continue' }).run();
      expect(tally).toMatchObject({ outcome: 'reaped', recovered: 0 });
      expect(await redis.llen(keyspace.inProgress('send', 'b1'))).toBe(1);
      expect(await redis.hgetall(keyspace.ext.pools)).toEqual({ b1: 'b3', b3: 'b3' });
    });
  });

  describe('whose step comes too late', () => {
    const list = { poolId: 'b1', jobName: 'send' };

    it('does nothing to a pool that has left meanwhile', async () => {
      const reply = await beginReap(test.redis, test.keyspace, 'go1', { kind: 'dead', heartbeatAt: '' });
      expect(reply).toEqual({ kind: 'gone' });
      expect(await test.redis.exists(test.keyspace.ext.reaping)).toBe(0);
    });

    it('moves nothing when another has ended the reap', async () => {
      const { redis, keyspace } = test;
      await holdJobs(redis, keyspace, 'b1', 'send', [job('1')]);
      expect(await moveBack(redis, keyspace, { poolId: 'b1', lists: [list], entries: [] })).toEqual({ kind: 'gone' });
      const step = { cause: 'reaped', poolId: 'b1', olderIds: [], jobNames: ['other'] } as const;
      await redis.hset(keyspace.ext.pools, 'b1', 'b1');
      expect(await removePool(redis, keyspace, step)).toBe('gone');
      expect(await redis.hget(keyspace.ext.pools, 'b1')).toBe('b1');
    });

    it('leaves an older id to its process, which has taken a new one since the reap began', async () => {
      const { redis, keyspace } = test;
      await redis.sadd(keyspace.ext.reaping, 'b2');
      await redis.hset(keyspace.ext.pools, { b1: 'b3', b2: 'b3', b3: 'b3' });
      await holdJobs(redis, keyspace, 'b1', 'send', [job('1')]);
      const bytes = Buffer.from(job('1'));
      const entries = [{ list, bytes, fate: { kind: 'back' as const, bytes } }];
      const reply = await moveBack(redis, keyspace, { poolId: 'b2', lists: [list], entries });
      expect(reply).toMatchObject({ kind: 'reaping', back: 0, next: [] });
      const step = { cause: 'reaped', poolId: 'b2', olderIds: ['b1'], jobNames: ['send'] } as const;
      expect(await removePool(redis, keyspace, step)).toBe('removed');
      expect(await redis.hgetall(keyspace.ext.pools)).toEqual({ b1: 'b3', b3: 'b3' });
      expect(await redis.hget(keyspace.lockInfo('send'), 'b1')).toBe('1');
    });
  });

  describe('of jobs that kill their process', () => {
    const crash = async (living: PoolInTest, id: string, oldestFirst: readonly string[], named: readonly string[]) => {
      const dead = await pool(id);
      await dead.hold('send', oldestFirst);
      for (const suspect of named) await test.redis.hset(test.keyspace.ext.suspect(id), suspect, '1');
      const tally = await living.lookUntilReaped();
      const entries = await queued();
      await test.redis.del(test.keyspace.queue('send'));
      return { tally, entries: entries.toReversed() };
    };

    it('sends one to dead at the third recovery, and lets those that ran beside it run again', async () => {
      const living = await pool('a');
      const first = await crash(living, 'b1', [job('poison'), job('innocent')], []);
      const second = await crash(living, 'b2', first.entries, []);
      expect(second.entries).toEqual([job('poison', ',"_recovered":2'), job('innocent', ',"_recovered":2')]);
      const third = await crash(living, 'b3', second.entries, ['poison']);
      expect(third.entries).toEqual([job('innocent', ',"_recovered":2')]);
      const [dead] = (await test.redis.zrangebyscore(test.keyspace.dead, '-inf', '+inf')) as [string];
      expect(decodeJob(Buffer.from(dead))).toMatchObject({ id: 'poison', fails: 1, err: POISON_REASON, recovered: 3 });
      expect(await test.redis.zscore(test.keyspace.dead, dead)).toBe(String(clock.nowMs() / 1000));
      expect(living.events).toContainEqual({ type: 'job_poisoned', job: 'send', jobId: 'poison', poolId: 'b3' });
      expect(third.tally.reaps).toMatchObject([{ recovered: 1, poisoned: 1 }]);
    });

    it('never sends one to dead that no pool had named', async () => {
      const living = await pool('a');
      let entries = [job('innocent')];
      for (let i = 0; i < 5; i += 1) entries = (await crash(living, `b${i}`, entries, [])).entries;
      expect(entries).toEqual([job('innocent', ',"_recovered":2')]);
      expect(await test.redis.zcard(test.keyspace.dead)).toBe(0);
    });
  });

  describe('of entries that cannot go back as jobs', () => {
    it('moves one that no one can decode back as it is, with every byte', async () => {
      const [living, dead] = [await pool('a'), await pool('b')];
      const bytes = Buffer.from([0xff, 0x00, 0x7b]);
      await dead.hold('send', [bytes, job('1')]);
      await living.lookUntilReaped();
      const entries = await test.redis.lrangeBuffer(test.keyspace.queue('send'), 0, -1);
      expect(entries.at(-1)).toEqual(bytes);
      expect(entries).toHaveLength(2);
    });

    it('sets an entry aside whose queue is no list, and goes on with the others', async () => {
      const living = await pool('a', { types: [{ name: 'send' }, { name: 'odd' }] });
      const dead = await pool('b', { types: [{ name: 'send' }, { name: 'odd' }] });
      await test.redis.set(test.keyspace.queue('odd'), 'no list');
      await dead.hold('odd', [job('1'), job('2')]);
      await dead.hold('send', [job('3')]);
      expect((await living.lookUntilReaped()).reaps).toMatchObject([{ outcome: 'reaped', recovered: 1 }]);
      const [entry] = await test.redis.lrangeBuffer(test.keyspace.ext.quarantine, 0, 0);
      const { note, bytes } = decodeQuarantined(entry as Buffer);
      expect([job('1'), job('2')]).toContain(bytes.toString());
      expect(note).toMatchObject({ from: test.keyspace.inProgress('odd', 'b'), at: clock.nowMs() / 1000 });
      expect(note.reason).toContain(test.keyspace.queue('odd'));
      expect(await test.redis.llen(test.keyspace.ext.quarantine)).toBe(2);
      expect(living.events.filter(({ type }) => type === 'job_quarantined')).toHaveLength(2);
    });

    it('tells once of an entry that two pools want to set aside', async () => {
      const { redis, keyspace } = test;
      await goPool('go1', 7);
      await holdJobs(redis, keyspace, 'go1', 'send', [job('1'), job('2')]);
      await redis.set(keyspace.queue('send'), 'no list');
      const events: string[] = [];
      const options = { redis, keyspace, clock, report: ({ type }: WorkEvent) => events.push(type) };
      const reapers = [1, 2].map(() => new Reap(options, 'go1', { kind: 'dead', heartbeatAt: '7' }));
      await Promise.all(reapers.map((reaper) => reaper.run()));
      expect(await redis.llen(keyspace.ext.quarantine)).toBe(2);
      expect(events.filter((type) => type === 'job_quarantined')).toHaveLength(2);
    });

    it('keeps an entry that even the quarantine refuses, and says what to do', async () => {
      const { redis, keyspace } = test;
      await goPool('go1', 7);
      await holdJobs(redis, keyspace, 'go1', 'send', [job('1')]);
      await redis.set(keyspace.queue('send'), 'no list');
      await redis.set(keyspace.ext.quarantine, 'no list');
      const reap = new Reap({ redis, keyspace, clock, report: () => {} }, 'go1', { kind: 'dead', heartbeatAt: '7' });
      await expect(reap.run()).rejects.toMatchObject({ code: 'WORK_QUARANTINE_REFUSED', key: keyspace.ext.quarantine });
      expect(await redis.lrange(keyspace.inProgress('send', 'go1'), 0, -1)).toEqual([job('1')]);
      expect(await redis.smembers(keyspace.ext.reaping)).toEqual(['go1']);
    });
  });

  it('is not kept from one pool by another that cannot be reaped', async () => {
    const { redis, keyspace } = test;
    const living = await pool('a');
    await redis.set(keyspace.queue('stuck'), 'no list');
    await redis.set(keyspace.ext.quarantine, 'no list');
    await goPool('go1', 7, 'stuck');
    await holdJobs(redis, keyspace, 'go1', 'stuck', [job('1')]);
    await goPool('go2', 7);
    await holdJobs(redis, keyspace, 'go2', 'send', [job('2')]);
    await expect(living.lookUntilReaped()).rejects.toThrow(/quarantine/);
    expect(await redis.smembers(keyspace.ext.reaping)).toEqual(['go1']);
    expect(await idsRunNext()).toEqual(['2']);
    await redis.del(keyspace.ext.quarantine);
    expect((await living.beatAndLook()).reaps).toMatchObject([{ poolId: 'go1', outcome: 'reaped' }]);
  });

  it('does not undo what the pool itself settles while it is reaped', async () => {
    const { redis, keyspace } = test;
    await goPool('go1', 7);
    await holdJobs(redis, keyspace, 'go1', 'send', [job('1'), job('2')]);
    await beginReap(redis, keyspace, 'go1', { kind: 'dead', heartbeatAt: '7' });
    const step = { poolId: 'go1', lists: [{ poolId: 'go1', jobName: 'send' }] };
    const read = await moveBack(redis, keyspace, { ...step, entries: [] });
    await redis.lrem(keyspace.inProgress('send', 'go1'), -1, job('1'));
    const next = read.kind === 'reaping' ? read.next : [];
    const entries = next.map((entry) => ({ ...entry, fate: { kind: 'back' as const, bytes: entry.bytes } }));
    expect(await moveBack(redis, keyspace, { ...step, entries })).toMatchObject({ back: 1, next: [] });
    expect(await idsRunNext()).toEqual(['2']);
    expect(await redis.get(keyspace.lock('send'))).toBe('0');
  });

  it('moves a job once where a lost reply makes it send a call twice', async () => {
    const { redis, keyspace } = test;
    await goPool('go1', 7);
    await holdJobs(redis, keyspace, 'go1', 'send', [job('1')]);
    await beginReap(redis, keyspace, 'go1', { kind: 'dead', heartbeatAt: '7' });
    const list = { poolId: 'go1', jobName: 'send' };
    const bytes = Buffer.from(job('1'));
    const step = { poolId: 'go1', lists: [list], entries: [{ list, bytes, fate: { kind: 'back' as const, bytes } }] };
    await moveBack(redis, keyspace, step);
    expect(await moveBack(redis, keyspace, step)).toMatchObject({ back: 0, refused: [], next: [] });
    expect(await idsRunNext()).toEqual(['1']);
  });
});

import { Keyspace } from '#protocol';
import { scanOrphans } from '#store';
import { OrphanFinder } from '../../../libs/engine/liveness/keepers/orphan-finder.js';
import type { WorkEvent } from '../../../libs/engine/events.js';
import { describeRedis, testRedis, type TestRedis } from '../../support/index.js';
import { ManualClock } from '../../support/manual-clock.js';
import { FINISHED_BY_GO } from '../../../libs/engine/liveness/reap/recovered-entry.js';
import { holdJobs, PoolInTest } from '../../support/pool-in-test.js';
import { clientOf } from '../../support/stored-jobs.js';

const job = (id: string, rest = '') => `{"name":"send","id":"${id}","t":1,"args":null${rest}}`;

describeRedis('what no set leads to any more', () => {
  let test: TestRedis;
  let clock: ManualClock;
  let finder: OrphanFinder;
  let events: WorkEvent[];
  beforeEach(() => {
    test = testRedis();
    clock = new ManualClock();
    events = [];
    finder = newFinder();
  });
  afterEach(() => test.close());

  const newFinder = (keysPerPass?: number) => {
    const report = (event: WorkEvent) => void events.push(event);
    return new OrphanFinder({
      redis: test.redis,
      keyspace: test.keyspace,
      clock,
      random: () => 0,
      report,
      keysPerPass,
    });
  };
  const hold = (poolId: string, jobs: string[], name = 'send') =>
    holdJobs(test.redis, test.keyspace, poolId, name, jobs);
  const queued = (name = 'send') => test.redis.lrange(test.keyspace.queue(name), 0, -1);

  it('gives back the jobs of a pool that is in no set, 30 s after it was seen first', async () => {
    await hold('ghost', [job('1')]);
    expect(await finder.runOnce()).toEqual({ waiting: 1, reaps: [], superseded: 0 });
    clock.pass(29_999);
    expect((await finder.runOnce()).reaps).toEqual([]);
    expect(await queued()).toEqual([]);
    clock.pass(1);
    expect((await finder.runOnce()).reaps).toEqual([{ poolId: 'ghost', outcome: 'reaped', recovered: 1, poisoned: 0 }]);
    expect(await queued()).toEqual([job('1', ',"_recovered":1')]);
    expect(await test.redis.hexists(test.keyspace.lockInfo('send'), 'ghost')).toBe(0);
    expect(await test.redis.exists(test.keyspace.ext.reaping)).toBe(0);
    expect(await test.redis.smembers(test.keyspace.knownJobs)).toEqual(['send']);
    expect(events).toContainEqual({ type: 'pool_reaped', poolId: 'ghost', cause: 'orphan', recovered: 1, poisoned: 0 });
  });

  it('sets aside what a Go pool that stopped had ended and left behind: jobs unique by key', async () => {
    const byKey = job('1', ',"unique":true,"unique_key":"k:unique:send:{}\\n"');
    await hold('go1', [byKey, job('2')]);
    await test.redis.hset(test.keyspace.lockInfo('send'), 'go1', 0);
    await finder.runOnce();
    clock.pass(30_000);
    expect((await finder.runOnce()).reaps).toMatchObject([{ outcome: 'reaped', recovered: 1 }]);
    expect(await queued()).toEqual([job('2', ',"_recovered":1')]);
    const { entries } = await clientOf(test).quarantinedJobs();
    expect(entries).toMatchObject([{ note: { reason: FINISHED_BY_GO }, text: byKey }]);
    expect(events).toContainEqual({ type: 'job_quarantined', queue: 'send', reason: FINISHED_BY_GO });
  });

  it('gives them back where the Go pool still counted a running job of the type, which it may be', async () => {
    const byKey = job('1', ',"unique":true,"unique_key":"k:unique:send:{}\\n"');
    await hold('go1', [byKey]);
    await test.redis.hset(test.keyspace.lockInfo('send'), 'go1', 1);
    await finder.runOnce();
    clock.pass(30_000);
    await finder.runOnce();
    expect(await queued()).toEqual([job('1', ',"_recovered":1,"_claimed":true')]);
  });

  it('also where Go has dropped its lock_info, and of names with colons', async () => {
    await test.redis.lpush(test.keyspace.inProgress('a:b:c', 'ghost'), job('1'));
    await finder.runOnce();
    clock.pass(30_000);
    expect((await finder.runOnce()).reaps).toMatchObject([{ poolId: 'ghost', outcome: 'reaped', recovered: 1 }]);
    expect(await queued('a:b:c')).toHaveLength(1);
    expect(await test.redis.exists(test.keyspace.lock('a:b:c'))).toBe(0);
  });

  it('leaves what was settled meanwhile, and waits anew where the list has gone on', async () => {
    await hold('ghost', [job('1'), job('2')]);
    await finder.runOnce();
    await test.redis.lrem(test.keyspace.inProgress('send', 'ghost'), -1, job('1'));
    clock.pass(30_000);
    expect((await finder.runOnce()).reaps).toMatchObject([{ outcome: 'gone', recovered: 0 }]);
    clock.pass(30_000);
    expect((await finder.runOnce()).reaps).toMatchObject([{ outcome: 'reaped', recovered: 1 }]);
  });

  it('leaves a pool alone whose heartbeat came after its first jobs', async () => {
    await hold('go1', [job('1')]);
    await finder.runOnce();
    await test.redis.sadd(test.keyspace.workerPools, 'go1');
    clock.pass(30_000);
    expect((await finder.runOnce()).reaps).toMatchObject([{ poolId: 'go1', outcome: 'alive' }]);
    expect(await queued()).toEqual([]);
    clock.pass(30_000);
    expect(await finder.runOnce()).toMatchObject({ waiting: 0, reaps: [] });
  });

  it('does not take the queue of a job for such a list', async () => {
    await test.redis.sadd(test.keyspace.knownJobs, 'x:y:inprogress');
    await test.redis.lpush(test.keyspace.queue('x:y:inprogress'), job('1'));
    expect(await finder.runOnce()).toMatchObject({ waiting: 0 });
  });

  it('finds them in a namespace of any characters', async () => {
    const keyspace = new Keyspace(`${test.namespace}:[a]*?\\`);
    await holdJobs(test.redis, keyspace, 'ghost', 'send', [job('1')]);
    const { cursor, lists } = await scanOrphans(test.redis, keyspace, '0', 1_000_000);
    expect(cursor).toBe('0');
    expect(lists).toMatchObject([{ jobName: 'send', poolId: 'ghost' }]);
  });

  it('walks many keys a part at a time', async () => {
    const names = Array.from({ length: 3_000 }, (_, i) => `${test.namespace}:unique:${i}`);
    await test.redis.mset(names.flatMap((name) => [name, '1']));
    await hold('ghost', [job('1')]);
    const scan = jest.spyOn(test.redis, 'callBuffer');
    finder = newFinder(1_000);
    let passes = 0;
    let waiting = 0;
    while (waiting === 0 && passes < 1_000) {
      scan.mockClear();
      ({ waiting } = await finder.runOnce());
      expect(scan.mock.calls.length).toBeLessThanOrEqual(4);
      passes += 1;
    }
    expect(waiting).toBe(1);
  });

  describe('of our own ids', () => {
    const pool = (ids: string[]) => {
      const { redis, keyspace } = test;
      return new PoolInTest({ redis, keyspace, clock, ids: ['worker', ...ids] }).register();
    };
    const ids = async () => (await test.redis.hkeys(test.keyspace.ext.pools)).toSorted();

    it('forgets the older ids of a living process when they hold nothing any more', async () => {
      const living = await pool(['p1', 'p2', 'p3']);
      await living.registration.renew();
      await living.hold('send', [job('1')]);
      await living.registration.renew();
      expect(await finder.runOnce()).toMatchObject({ superseded: 1, waiting: 0 });
      expect(await ids()).toEqual(['p2', 'p3']);
      expect(await test.redis.llen(test.keyspace.inProgress('send', 'p2'))).toBe(1);
      await test.redis.del(test.keyspace.inProgress('send', 'p2'));
      expect(await finder.runOnce()).toMatchObject({ superseded: 1 });
      expect(await ids()).toEqual(['p3']);
      expect(await test.redis.hkeys(test.keyspace.lockInfo('send'))).toEqual([]);
      expect(await living.beat()).toBe('accepted');
    });

    it('leaves entries under an older id alone for as long as its process lives', async () => {
      const living = await pool(['p1', 'p2']);
      await living.hold('send', [job('1')]);
      await living.registration.renew();
      await finder.runOnce();
      clock.pass(30_000);
      expect(await finder.runOnce()).toMatchObject({ waiting: 0, reaps: [] });
      expect(await queued()).toEqual([]);
    });

    it('gives back what a process held that died while it was fenced', async () => {
      const fenced = await pool(['p1', 'p2']);
      await fenced.hold('send', [job('1')]);
      await fenced.registration.renew();
      await fenced.hold('other', [job('2')]);
      await test.redis.srem(test.keyspace.workerPools, 'p2');
      await finder.runOnce();
      clock.pass(30_000);
      await finder.runOnce();
      expect(await queued()).toHaveLength(1);
      expect(await queued('other')).toHaveLength(1);
      expect(await ids()).toEqual([]);
    });
  });
});

import { LockKeeper } from '../../libs/engine/liveness/keepers/lock-keeper.js';
import { SIGHTING_WAIT_MS } from '../../libs/engine/liveness/keepers/sightings.js';
import { waitFor } from '../support/index.js';
import { ManualClock } from '../support/manual-clock.js';
import { describeEachGo, locksOf, takeForDead } from './support/index.js';

const jobs = [{ name: 'mail' }];

describeEachGo('A Go pool that slept, and was taken for dead', ({ shared }) => {
  it('frees a lock that it does not hold any more, which a pool of ours sets right', async () => {
    const { client, enqueuer } = shared();
    const { id } = await enqueuer.enqueue('mail', null);
    const go = await shared().goPool({ jobs: [{ name: 'mail', wait: true }] });
    await go.started(id);
    await client.pause('mail');
    go.signal('SIGSTOP');
    await takeForDead(shared());
    expect((await locksOf(shared())).lock).toBe(0);
    go.signal('SIGCONT');
    go.end(id);
    await waitFor('it to settle the job', async () => (await locksOf(shared())).lock === -1);
    expect((await locksOf(shared())).held).toMatchObject({ [go.poolId]: '-1' });

    await shared().startOurs({ jobs });
    await waitFor('the lock to be right', async () => (await locksOf(shared())).lock === 0);
    expect((await locksOf(shared())).held).toMatchObject({ [go.poolId]: '0' });
  });
});

describeEachGo('A Go pool that stopped', ({ shared }) => {
  it('leaves its field in lock_info for ever, where ours takes it out', async () => {
    const { enqueuer, redis, keyspace } = shared();
    const { id } = await enqueuer.enqueue('mail', null);
    const go = await shared().goPool({ jobs });
    await go.ended(id);
    await go.stop();
    expect((await locksOf(shared())).held).toEqual({ [go.poolId]: '0' });
    expect(await redis.ttl(keyspace.lockInfo('mail'))).toBe(-1);

    const clock = new ManualClock();
    const keeper = new LockKeeper({ redis, keyspace, clock, random: () => 0, report: () => {} });
    await keeper.runOnce();
    clock.pass(SIGHTING_WAIT_MS);
    await keeper.runOnce();
    expect((await locksOf(shared())).held).toEqual({});
  });
});

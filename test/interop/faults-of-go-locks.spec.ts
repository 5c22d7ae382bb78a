import { LockKeeper } from '../../libs/engine/liveness/keepers/lock-keeper.js';
import { waitFor } from '../support/index.js';
import { ManualClock } from '../support/manual-clock.js';
import { PoolInTest } from '../support/pool-in-test.js';
import { describeEachGo, locksOf } from './support/index.js';

describeEachGo('A Go pool that slept, and was taken for dead', ({ shared }) => {
  it('frees a lock that it does not hold any more, which ours sets right with the next look at the locks', async () => {
    const { client, enqueuer, redis, keyspace } = shared();
    const clock = new ManualClock();
    const { id } = await enqueuer.enqueue('mail', null);
    const go = await shared().goPool({ jobs: [{ name: 'mail', wait: true }] });
    await go.started(id);
    await client.pause('mail');
    go.signal('SIGSTOP');
    const pool = new PoolInTest({ redis, keyspace, clock, types: [{ name: 'mail' }] });
    await pool.register();
    await pool.lookUntilReaped();
    expect((await locksOf(shared())).lock).toBe(0);
    go.signal('SIGCONT');
    go.end(id);
    await waitFor('it to settle the job', async () => (await locksOf(shared())).lock === -1);
    expect((await locksOf(shared())).held).toMatchObject({ [go.poolId]: '-1' });

    await new LockKeeper({ redis, keyspace, clock, random: () => 0, report: () => {} }).runOnce();
    const { lock, held } = await locksOf(shared());
    expect([lock, held[go.poolId]]).toEqual([0, '0']);
  });
});

import { waitFor } from '../support/index.js';
import { describeEachGo, untilStopped } from './support/index.js';

const MAIL = { name: 'mail', maxConcurrency: 1, run: untilStopped };

describeEachGo('A limit that only ours declares', ({ shared }) => {
  const limit = () => shared().redis.get(shared().keyspace.maxConcurrency('mail'));
  const lock = () => shared().redis.get(shared().keyspace.lock('mail'));

  it('is lifted by each start of a Go pool, and set again by ours before it takes the next job', async () => {
    const { enqueuer, events, runs } = shared();
    await shared().startOurs({ concurrency: 5, jobs: [MAIL] });
    const go = await shared().goPool({ jobs: [{ name: 'mail', wait: true }], concurrency: 1 });
    expect(await limit()).toBe('0');
    await enqueuer.enqueueMany('mail', [null, null, null]);

    const restored = await waitFor('it', () => events.find(({ type }) => type === 'limit_restored'));
    expect(restored).toEqual({ type: 'limit_restored', jobName: 'mail', maxConcurrency: 1 });
    await waitFor('a run', () => go.starts.length + runs.length > 0);
    expect([go.starts.length + runs.length, await limit(), await lock()]).toEqual([1, '1', '1']);
  });

  it('stays lifted where one of ours lifts it, though another declares it', async () => {
    const { enqueuer } = shared();
    await shared().startOurs({ concurrency: 1, jobs: [MAIL] });
    await shared().startOurs({ concurrency: 2, jobs: [{ ...MAIL, maxConcurrency: 0 }] });
    await enqueuer.enqueueMany('mail', [null, null, null]);
    await waitFor('all to run at once', async () => (await lock()) === '3');
    expect(await limit()).toBeNull();
  });
});

import { waitFor } from '../support/index.js';
import { describeEachGo, describeGo, takeForDead, untilStopped, type SharedNamespace } from './support/index.js';

const KEY = { to: 'ada' };

describeEachGo('A unique job that ours has started and given back', ({ shared }) => {
  it('leaves alone, when Go runs it, that a newer one is unique', async () => {
    const { enqueuer } = shared();
    const older = await enqueuer.enqueueUnique('mail', KEY);
    await startAndGiveBack(shared(), async () => {
      expect(await enqueuer.enqueueUnique('mail', KEY)).not.toBeNull();
    });
    const go = await shared().goPool({ concurrency: 1, jobs: [{ name: 'mail', wait: true }] });
    await go.started(older!.id);
    expect(await enqueuer.enqueueUnique('mail', KEY)).toBeNull();
  });
});

describeEachGo('A unique job that Go has started, and was killed with', ({ shared }) => {
  it('leaves alone, when ours runs it, that a newer one is unique', async () => {
    const { enqueuer } = shared();
    const older = await enqueuer.enqueueUnique('mail', KEY);
    const go = await shared().goPool({ concurrency: 1, jobs: [{ name: 'mail', wait: true }] });
    await go.started(older!.id);
    expect(await enqueuer.enqueueUnique('mail', KEY)).not.toBeNull();
    await go.kill();
    await takeForDead(shared());
    await shared().startOurs({ concurrency: 1, jobs: [{ name: 'mail', run: untilStopped }] });
    await shared().run(older!.id);
    expect(await enqueuer.enqueueUnique('mail', KEY)).toBeNull();
  });
});

describeGo('master', 'A job unique by key that ours has started and given back', ({ shared }) => {
  it('runs in Go with its own arguments, once, and so does a newer one', async () => {
    const { enqueuer } = shared();
    const older = await enqueuer.enqueueUniqueByKey('mail', { n: 1 }, KEY);
    let newerId: string | undefined;
    await startAndGiveBack(shared(), async () => {
      newerId = (await enqueuer.enqueueUniqueByKey('mail', { n: 2 }, KEY))?.id;
    });
    const go = await shared().goPool({ concurrency: 1, jobs: [{ name: 'mail' }] });
    await go.ended(newerId!);
    await go.drain();
    const runs = go.starts.map(({ id, args }) => ({ id, args }));
    expect(runs).toEqual([
      { id: older!.id, args: { n: 1 } },
      { id: newerId, args: { n: 2 } },
    ]);
  });
});

/** @param meanwhile while it runs, in the one slot that there is */
async function startAndGiveBack(shared: SharedNamespace, meanwhile: () => Promise<void>): Promise<void> {
  const pool = await shared.startOurs({ concurrency: 1, jobs: [{ name: 'mail', run: untilStopped }] });
  await waitFor('its start', () => shared.runs.length === 1);
  await meanwhile();
  await pool.stop({ gracePeriodMs: 0 });
}

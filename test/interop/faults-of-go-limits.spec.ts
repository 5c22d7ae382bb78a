import { waitFor } from '../support/index.js';
import { describeEachGo, untilStopped } from './support/index.js';

const MAIL = { name: 'mail', maxConcurrency: 1, run: untilStopped };

describeEachGo('A limit that ours declare and Go does not', ({ shared }) => {
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

  it('is that of the last of ours to start, whichever of them sets it again', async () => {
    const { enqueuer, events } = shared();
    await shared().startOurs({ concurrency: 1, jobs: [MAIL] });
    const newer = await shared().startOurs({ concurrency: 4, jobs: [{ ...MAIL, maxConcurrency: 3 }] });
    await newer.stop();
    await shared().goPool({ jobs: [{ name: 'mail', wait: true }], concurrency: 1 });
    await enqueuer.enqueueMany('mail', [null, null, null]);
    await waitFor('it', () => events.some(({ type }) => type === 'limit_restored'));
    expect(await limit()).toBe('3');
  });

  it('gives way to one that Go declares and sets later, which is told once', async () => {
    const { enqueuer, events, redis, keyspace } = shared();
    const pool = await shared().startOurs({ jobs: [{ name: 'mail', maxConcurrency: 1 }] });
    const go = await shared().goPool({ jobs: [{ name: 'mail', maxConcurrency: 5 }], concurrency: 1 });
    for (let jobs = 0; jobs < 3; jobs += 1) {
      await enqueuer.enqueue('mail', null);
      await waitFor('its end', async () => (await lock()) === '0' && (await redis.llen(keyspace.queue('mail'))) === 0);
    }
    await go.stop();
    await enqueuer.enqueue('mail', null);
    await pool.drain();
    const told = events.filter(({ type }) => type.startsWith('limit_'));
    expect(told).toEqual([{ type: 'limit_overridden', jobName: 'mail', maxConcurrency: 5, ours: 1 }]);
    expect(await limit()).toBe('5');
  });

  it('stays lifted, whatever Go does, where the last of ours lifted it', async () => {
    const { enqueuer, events } = shared();
    await shared().startOurs({ concurrency: 1, jobs: [MAIL] });
    await shared().startOurs({ concurrency: 2, jobs: [{ ...MAIL, maxConcurrency: 0 }] });
    await shared().goPool({ jobs: [{ name: 'mail', wait: true }], concurrency: 1 });
    await enqueuer.enqueueMany('mail', [null, null, null, null]);
    await waitFor('all to run at once', async () => (await lock()) === '4');
    expect([await limit(), events.some(({ type }) => type === 'limit_restored')]).toEqual(['0', false]);
  });
});

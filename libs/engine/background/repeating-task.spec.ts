import { waitFor } from '../../../test/support/index.js';
import type { WorkEvent } from '../events.js';
import { RepeatingTask, type LastPass } from './repeating-task.js';

describe('RepeatingTask', () => {
  let events: WorkEvent[];
  let passes: number;
  let lasts: LastPass[];
  let task: RepeatingTask;
  beforeEach(() => {
    events = [];
    passes = 0;
    lasts = [];
  });
  afterEach(() => task.stop());

  const made = (pass: () => Promise<unknown>, delayMs = 3_600_000) =>
    new RepeatingTask({
      role: 'LockKeeper',
      report: (event) => events.push(event),
      pass: () => {
        passes += 1;
        return pass();
      },
      delayMs: (last) => {
        lasts.push(last);
        return delayMs;
      },
    });

  it('makes a pass at once, and the next one when it is woken', async () => {
    task = made(async () => {});
    task.start();
    await waitFor('the first pass', () => lasts.length === 1);
    task.wake();
    await waitFor('the second pass', () => lasts.length === 2);
    expect(passes).toBe(2);
  });

  it('makes another pass at once where it is woken during one', async () => {
    let end = () => {};
    task = made(() => new Promise<void>((resolve) => (end = resolve)));
    task.start();
    task.wake();
    end();
    await waitFor('the second pass', () => passes === 2);
    end();
  });

  it('goes on after a pass that failed, tells it once, and says so to who chooses the pause', async () => {
    const error = new TypeError('no such thing');
    task = made(() => (passes < 4 ? Promise.reject(error) : Promise.resolve()), 1);
    task.start();
    await waitFor('a pass that works', () => lasts.includes('done'));
    expect(lasts.slice(0, 4)).toEqual(['failed', 'failed', 'failed', 'done']);
    expect(events).toEqual([{ type: 'role_failed', role: 'LockKeeper', error }]);
  });

  it('waits in its stop for the pass under way, which is told to end', async () => {
    let end = () => {};
    let isStopped = false;
    task = made(() => new Promise<void>((resolve) => (end = resolve)));
    task.start();
    expect(task.isStopping).toBe(false);
    const stopped = task.stop().then(() => (isStopped = true));
    expect(task.isStopping).toBe(true);
    await Promise.resolve();
    expect(isStopped).toBe(false);
    end();
    await stopped;
    expect([passes, lasts]).toEqual([1, []]);
  });

  it('can be started again after a stop', async () => {
    task = made(async () => {});
    task.start();
    await task.stop();
    task.start();
    await waitFor('a pass of the second life', () => passes === 2);
    expect(task.isStopping).toBe(false);
  });
});

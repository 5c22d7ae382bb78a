import type { Settlement } from '#store';
import { AsideJobs } from './aside-jobs.js';
import { HeldJob, type JobHolder } from './held-job.js';
import { JobInterruptedError } from './job-interrupted-error.js';
import { JobLedger } from './job-ledger.js';

const holder: JobHolder = { pass: (claim) => claim(), aside: (_job, wait) => wait() };
const job = (bytes: string, queueName = 'q', poolId = 'P') =>
  new HeldJob(queueName, Buffer.from(bytes), poolId, 0, holder);
const succeeded: Settlement = { kind: 'succeeded' };
const bytesOf = (list: readonly { readonly bytes: Buffer }[]) => list.map(({ bytes }) => String(bytes));

function ledgerWith({
  running = [],
  ahead = [],
}: {
  running?: readonly HeldJob[];
  ahead?: readonly HeldJob[];
}): JobLedger {
  const ledger = new JobLedger();
  for (const each of running) {
    ledger.add(each);
    ledger.startNext();
  }
  for (const each of ahead) ledger.add(each);
  return ledger;
}

const entries = (...texts: string[]) => texts.map((text) => Buffer.from(text));

describe('JobLedger', () => {
  it('settles a job as it ended', () => {
    const ended = job('1');
    const ledger = ledgerWith({ running: [ended] });
    ledger.end(ended, succeeded);
    expect(ledger.outcomes.take('P', 0)).toMatchObject([{ job: ended, settlement: succeeded }]);
    expect(ledger.running.size).toBe(0);
  });

  it('gives jobs back newest first, so that the oldest is the next to run', () => {
    const ledger = ledgerWith({ ahead: [job('1'), job('2'), job('3', 'other')] });
    ledger.giveBackAhead(({ queueName }) => queueName === 'q');
    expect(bytesOf(ledger.outcomes.take('P', 0))).toEqual(['2', '1']);
    expect(bytesOf(ledger.ahead)).toEqual(['3']);
  });

  it('hears nothing more of a job that was given back while it ran', () => {
    const running = job('1');
    const ledger = ledgerWith({ running: [running] });
    ledger.giveBackRunning();
    ledger.end(running, succeeded);
    expect(ledger.outcomes.take('P', 0)).toMatchObject([{ settlement: { kind: 'back' } }]);
  });

  it('keeps the slot of a job whose settle is refused, so that what is in progress stays bounded', () => {
    const ended = job('1');
    const ledger = ledgerWith({ running: [ended] });
    ledger.end(ended, succeeded);
    const [outcome] = ledger.outcomes.take('P', 0);
    expect(ledger.occupied).toBe(0);
    outcome!.refused(0);
    ledger.outcomes.add(outcome!);
    expect(ledger.occupied).toBe(1);
    expect(ledger.outcomes.take('P', 0)).toEqual([]);
    expect(ledger.outcomes.take('P', 100)).toEqual([outcome]);
    expect(ledger.occupied).toBe(0);
  });

  it('matches identical entries one by one: running jobs first, then those ahead, then outcomes', () => {
    const [running, ahead, ended] = [job('x'), job('x'), job('x')];
    const ledger = ledgerWith({ running: [ended, running], ahead: [ahead] });
    ledger.end(ended, succeeded);
    expect(ledger.reconcile('P', 'q', entries('x', 'x', 'y'))).toMatchObject({ settled: [{ job: ended }], lost: [] });
    expect(ledger.ahead).toEqual([ahead]);
    expect(ledger.reconcile('P', 'q', entries('x', 'x', 'x', 'y')).unknown).toEqual(entries('x', 'y'));
  });

  it('aborts a running job whose entry is gone, drops one ahead, and drops what the first ends in', () => {
    const [running, ahead] = [job('1'), job('2')];
    const ledger = ledgerWith({ running: [running], ahead: [ahead] });
    expect(ledger.reconcile('P', 'q', [])).toMatchObject({ lost: [running] });
    expect(running.signal.reason).toBeInstanceOf(JobInterruptedError);
    expect(running.signal.reason).toMatchObject({ cause: 'fenced', code: 'WORK_JOB_INTERRUPTED' });
    expect(ledger.ahead).toEqual([]);
    ledger.end(running, succeeded);
    expect(ledger.outcomes.size).toBe(0);
  });

  it('looks at what stands under the pool id and the queue that were read, and at nothing else', () => {
    const others = [job('1', 'other'), job('1', 'q', 'former')];
    const ledger = ledgerWith({ running: others });
    expect(ledger.reconcile('P', 'q', [])).toEqual({ settled: [], lost: [], unknown: [] });
    expect(ledger.running.size).toBe(2);
  });

  it('carries at most about 8 MB in a call', () => {
    const jobs = Array.from({ length: 6 }, (_, i) => job(String(i).repeat(3_000_000)));
    const ledger = ledgerWith({ running: jobs });
    for (const each of jobs) ledger.end(each, succeeded);
    expect([1, 2, 3].map(() => ledger.outcomes.take('P', 0).length)).toEqual([3, 3, 0]);
  });
});

describe('HeldJob', () => {
  it('has an aborted signal where it was interrupted before anybody asked for one', () => {
    const interrupted = job('1');
    interrupted.interrupt('shutdown');
    interrupted.interrupt('fenced');
    expect(interrupted.signal.aborted).toBe(true);
    expect(interrupted.signal.reason).toMatchObject({ cause: 'shutdown' });
  });

  it('has the new bytes after a claim, and the old ones after one that failed', async () => {
    const claiming = job('1');
    ledgerWith({ running: [claiming] });
    await claiming.claim(() => Promise.resolve(Buffer.from('2')));
    await expect(claiming.claim(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(String(claiming.bytes)).toBe('2');
    expect(claiming.isClaiming).toBe(false);
  });

  it('claims nothing where the entry is not its pool’s any more', async () => {
    const lost = job('1');
    ledgerWith({ running: [lost] }).reconcile('P', 'q', []);
    await expect(lost.claim(() => Promise.resolve(Buffer.from('2')))).rejects.toMatchObject({
      code: 'WORK_JOB_NOT_STARTED',
    });
    expect(String(lost.bytes)).toBe('1');
  });
});

describe('AsideJobs', () => {
  it('lends a slot while a job waits, and gives it one back before a new job gets it', async () => {
    const waiting = job('1');
    const ledger = ledgerWith({ running: [waiting] });
    const aside = new AsideJobs(ledger, 1, () => {});
    const back = aside.lendSlot(waiting, () => Promise.resolve());
    expect(ledger.occupied).toBe(0);
    await new Promise(setImmediate);
    aside.admit(0);
    expect(ledger.occupied).toBe(0);
    aside.admit(1);
    await back;
    expect(ledger.occupied).toBe(1);
  });

  it('lends no more slots than it may', async () => {
    const jobs = [job('1'), job('2')];
    const ledger = ledgerWith({ running: jobs });
    const aside = new AsideJobs(ledger, 1, () => {});
    for (const each of jobs) void aside.lendSlot(each, () => new Promise(() => {}));
    expect(ledger.occupied).toBe(1);
  });

  it('lets an interrupted job end where no slot is free', async () => {
    const waiting = job('1');
    const aside = new AsideJobs(ledgerWith({ running: [waiting] }), 1, () => {});
    const back = aside.lendSlot(waiting, () => Promise.reject(new Error('interrupted')));
    await new Promise(setImmediate);
    waiting.interrupt('shutdown');
    aside.admit(0);
    await expect(back).rejects.toThrow('interrupted');
  });
});

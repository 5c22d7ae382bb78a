import { decodeJob, decodeQuarantined, Keyspace } from '#protocol';
import { HeldJobInTest, jobBytes } from '../../../test/support/held-job.js';
import type { WorkEvent } from '../events.js';
import { JobExecutor, type JobExecutorOptions } from './job-executor.js';
import { JobNotStartedError } from './before-start/job-not-started-error.js';
import type { JobHandler, JobRun } from './job-run.js';
import { ObservedRun } from './observer/observed-run.js';
import { JobTypeRegistry, type JobTypeOptions } from './job-types.js';
import { UnrecoverableError } from './outcome/unrecoverable-error.js';

const NOW_MS = 1_795_485_848_900;
const NOW = 1_795_485_848;

interface Given extends Partial<JobExecutorOptions> {
  readonly type?: JobTypeOptions;
}

function executor(handler: JobHandler, given: Given = {}) {
  const events: WorkEvent[] = [];
  const jobTypes = new JobTypeRegistry();
  jobTypes.register('sync', { backoff: () => 60, ...given.type }, handler);
  const running = new Set<ObservedRun>();
  const checkins: [string, string][] = [];
  const observer: JobExecutorOptions['observer'] = {
    started: (document, startedAtMs) => {
      const checkedIn = (_: ObservedRun, message: string) => void checkins.push([document.id, message]);
      const run = new ObservedRun(document, startedAtMs, { checkedIn });
      running.add(run);
      return run;
    },
    ended: (run) => running.delete(run),
  };
  const { run } = new JobExecutor({
    jobTypes,
    middleware: [],
    uniqueClaim: { claim: async (_, document) => document },
    suspects: { run: async (_held, _document, work) => await work() },
    observer,
    keyspace: new Keyspace('w'),
    clock: { nowMs: () => NOW_MS, monotonicMs: () => 5 },
    random: () => 0,
    report: (event) => events.push(event),
    ...given,
  });
  return { run, events, running, checkins };
}

const boom = () => {
  throw new Error('boom');
};

/** What promises of other libraries look like. */
function thenable(then: (resolve: (value: unknown) => void, reject: (error: unknown) => void) => void) {
  // oxlint-disable-next-line unicorn/no-thenable
  return { then };
}

describe('JobExecutor', () => {
  it('hands the handler the job as it was enqueued, and settles it as succeeded', async () => {
    const seen: JobRun[] = [];
    const held = new HeldJobInTest(jobBytes({ args: { to: 'a@b.c' }, fails: 2 }));
    const settlement = await executor((run) => seen.push(run)).run(held);
    expect(settlement).toEqual({ kind: 'succeeded' });
    expect(seen).toHaveLength(1);
    expect(seen[0]).toMatchObject({
      id: '6d1e5b0a9f4c4f0f8a3b2c1d',
      name: 'sync',
      args: { to: 'a@b.c' },
      attempt: 3,
      maxFails: 4,
      enqueuedAt: new Date(1_700_000_000_000),
    });
    expect(seen[0]?.argsBytes.toString()).toBe('{"to":"a@b.c"}');
    expect(seen[0]?.signal).toBe(held.signal);
  });

  it.each<[string, JobHandler]>([
    ['a value', () => 'done'],
    ['a promise', async () => 'done'],
    ['a thenable of another library', () => thenable((resolve) => resolve('done'))],
    ['false', () => false],
    ['an Error it does not throw', () => new Error('only returned')],
  ])('counts a handler that returns %s as succeeded', async (_, handler) => {
    expect((await executor(handler).run(new HeldJobInTest(jobBytes()))).kind).toBe('succeeded');
  });

  it.each<[string, JobHandler, string | undefined]>([
    ['throws', boom, 'boom'],
    ['rejects', async () => boom(), 'boom'],
    ['rejects with undefined', () => Promise.reject(), 'undefined'],
    [
      'throws a string',
      () => {
        throw 'kapow';
      },
      'kapow',
    ],
    [
      'throws an error without text',
      () => {
        throw new Error('');
      },
      undefined,
    ],
    ['returns a thenable that rejects', () => thenable((_, reject) => reject(new Error('boom'))), 'boom'],
    ['returns a thenable whose then throws', () => thenable(boom), 'boom'],
  ])('retries a job whose handler %s', async (_, handler, text) => {
    const settlement = await executor(handler).run(new HeldJobInTest(jobBytes({ args: { a: 1 } })));
    if (settlement.kind !== 'retry') throw new Error(settlement.kind);
    expect(settlement.score).toBe(NOW + 60);
    expect(decodeJob(settlement.bytes)).toMatchObject({ fails: 1, failedAt: NOW, args: { a: 1 } });
    expect(decodeJob(settlement.bytes).err).toBe(text);
    expect(settlement.attempt?.jobId).toBe('6d1e5b0a9f4c4f0f8a3b2c1d');
  });

  it('sends a job to dead at its last failure, and at once for an UnrecoverableError', async () => {
    const last = await executor(boom).run(new HeldJobInTest(jobBytes({ fails: 3 })));
    expect(last).toMatchObject({ kind: 'dead', score: NOW });
    const hopeless = () => {
      throw new UnrecoverableError('no such customer');
    };
    expect(await executor(hopeless).run(new HeldJobInTest(jobBytes()))).toMatchObject({ kind: 'dead', score: NOW });
  });

  it('runs middleware around the handler, whose errors count like its own', async () => {
    const order: string[] = [];
    const { run } = executor(() => void order.push('handler'), {
      middleware: [
        async (_, next) => {
          order.push('outer');
          await next();
          boom();
        },
        (_, next) => (order.push('inner'), next()),
      ],
    });
    expect((await run(new HeldJobInTest(jobBytes()))).kind).toBe('retry');
    expect(order).toEqual(['outer', 'inner', 'handler']);
  });

  it('shows a job as running only while its handler runs', async () => {
    const during: number[] = [];
    const one = executor(() => during.push(one.running.size));
    await one.run(new HeldJobInTest(jobBytes()));
    const two = executor(() => (during.push(two.running.size), boom()));
    await two.run(new HeldJobInTest(jobBytes()));
    expect(during).toEqual([1, 1]);
    expect([one.running.size, two.running.size]).toEqual([0, 0]);
  });

  it('hands checkins on, with the run they belong to', async () => {
    const { run, checkins } = executor((one) => one.checkin('half way'));
    await run(new HeldJobInTest(jobBytes({ id: 'j1' })));
    expect(checkins).toEqual([['j1', 'half way']]);
  });

  it('tells when a job starts and how it ended, and never its arguments', async () => {
    const { run, events } = executor(boom);
    await run(new HeldJobInTest(jobBytes({ args: { password: 'secret' } })));
    const named = {
      job: 'sync',
      jobId: '6d1e5b0a9f4c4f0f8a3b2c1d',
      attempt: 1,
      maxFails: 4,
      poolId: 'pool1',
      enqueuedAt: 1_700_000_000,
    };
    expect(events).toEqual([
      { type: 'job_started', ...named },
      {
        type: 'job_finished',
        ...named,
        durationMs: 0,
        outcome: {
          kind: 'retry',
          runAt: NOW + 60,
          failure: { error: new Error('boom'), text: 'boom', fails: 1, at: NOW },
        },
      },
    ]);
    expect(JSON.stringify(events)).not.toContain('secret');
  });

  it('warns once of a backoff that is no number of seconds', async () => {
    const { run, events } = executor(boom, { type: { backoff: () => Number.NaN }, random: () => 0 });
    await run(new HeldJobInTest(jobBytes()));
    await run(new HeldJobInTest(jobBytes()));
    const warnings = events.filter(({ type }) => type === 'warning');
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatchObject({
      code: 'WORK_BAD_BACKOFF',
      message: expect.stringMatching(/"sync" returned NaN/),
    });
  });

  describe('when it is interrupted', () => {
    it('gives a job whose handler then rejects back as it is, with no attempt spent and none noted', async () => {
      const held = new HeldJobInTest(jobBytes());
      const rejects = (run: JobRun) =>
        new Promise((_, reject) => run.signal.addEventListener('abort', () => reject(new Error('aborted'))));
      const { run, events } = executor(rejects, { type: { maxFails: 1 } });
      const end = run(held);
      held.interrupt();
      expect(await end).toEqual({ kind: 'back' });
      expect(events.at(-1)).toMatchObject({ type: 'job_finished', outcome: { kind: 'interrupted' } });
    });

    it('gives it back even where it rejects with an UnrecoverableError', async () => {
      const held = new HeldJobInTest(jobBytes());
      const rejects = () => {
        held.interrupt();
        throw new UnrecoverableError('gone');
      };
      expect(await executor(rejects).run(held)).toEqual({ kind: 'back' });
    });

    it('counts a handler that succeeds all the same as succeeded', async () => {
      const held = new HeldJobInTest(jobBytes());
      expect(await executor(() => held.interrupt()).run(held)).toEqual({ kind: 'succeeded' });
    });

    it('starts no job that was interrupted while its uniqueness was claimed', async () => {
      const handler = jest.fn();
      const held = new HeldJobInTest(jobBytes({ unique: true }));
      const claim: JobExecutorOptions['uniqueClaim']['claim'] = async (_, document) => (held.interrupt(), document);
      expect(await executor(handler, { uniqueClaim: { claim } }).run(held)).toEqual({ kind: 'back' });
      expect(handler).not.toHaveBeenCalled();
    });
  });

  describe('a unique job', () => {
    it('runs as what won its claim', async () => {
      const seen: unknown[] = [];
      const claim: JobExecutorOptions['uniqueClaim']['claim'] = async (held) => {
        await held.claim(async () => jobBytes({ id: 'newer', args: { v: 2 }, unique: true, _claimed: true }));
        return decodeJob(held.bytes);
      };
      const held = new HeldJobInTest(jobBytes({ id: 'older', args: { v: 1 }, unique: true }));
      const handler = (run: JobRun) => (seen.push(run.id, run.args), boom());
      const settlement = await executor(handler, { uniqueClaim: { claim } }).run(held);
      expect(seen).toEqual(['newer', { v: 2 }]);
      if (settlement.kind !== 'retry') throw new Error(settlement.kind);
      expect(decodeJob(settlement.bytes)).toMatchObject({ id: 'newer', claimed: true, fails: 1 });
      expect(settlement.attempt?.jobId).toBe('newer');
    });

    it.each([{ _claimed: true as const }, { fails: 1 }])('claims no second time: %p', async (fields) => {
      const claim = jest.fn();
      await executor(() => 'done', { uniqueClaim: { claim } }).run(
        new HeldJobInTest(jobBytes({ unique: true, ...fields })),
      );
      expect(claim).not.toHaveBeenCalled();
    });

    it('is claimed where it was recovered before anybody had claimed it', async () => {
      const claim = jest.fn(async (_: unknown, document: never) => document);
      await executor(() => 'done', { uniqueClaim: { claim } }).run(
        new HeldJobInTest(jobBytes({ unique: true, _recovered: 1 })),
      );
      expect(claim).toHaveBeenCalledTimes(1);
    });

    it('is given back where the pool lost it before the claim', async () => {
      const handler = jest.fn();
      const claim = async () => {
        throw new JobNotStartedError('another pool took it over');
      };
      const held = new HeldJobInTest(jobBytes({ unique: true }));
      expect(await executor(handler, { uniqueClaim: { claim } }).run(held)).toEqual({ kind: 'back' });
      expect(handler).not.toHaveBeenCalled();
    });
  });

  it('treats as a suspect only what was recovered twice', async () => {
    const suspected: string[] = [];
    const suspects: JobExecutorOptions['suspects'] = {
      run: async (_held, document, work) => (suspected.push(document.id), await work()),
    };
    const { run } = executor(() => 'done', { suspects });
    for (const [id, _recovered] of [
      ['none', 0],
      ['once', 1],
      ['twice', 2],
      ['thrice', 3],
    ] as const)
      expect((await run(new HeldJobInTest(jobBytes({ id, _recovered })))).kind).toBe('succeeded');
    expect(suspected).toEqual(['twice', 'thrice']);
  });

  it('sends a job that it finds in the queue of another name to the queue of its own, as it is', async () => {
    const bytes = jobBytes({ name: 'export' });
    const { run, events } = executor(boom);
    expect(await run(new HeldJobInTest(bytes))).toEqual({ kind: 'scheduled', score: NOW, bytes });
    expect(events).toEqual([{ type: 'job_stray', job: 'export', jobId: '6d1e5b0a9f4c4f0f8a3b2c1d', queue: 'sync' }]);
  });

  it('runs a job of a name it knows from whichever queue it comes', async () => {
    const held = new HeldJobInTest(jobBytes(), { queueName: 'export' });
    expect(await executor(() => 'done').run(held)).toEqual({ kind: 'succeeded' });
  });

  it.each(['__proto__', 'constructor', 'toString'])('knows no handler for a job named %s', async (name) => {
    expect((await executor(boom).run(new HeldJobInTest(jobBytes({ name })))).kind).toBe('scheduled');
  });

  it.each<[string, Buffer]>([
    ['no JSON', Buffer.from('not json')],
    ['a job without a name', jobBytes({ name: '' })],
    ['bytes that are no text', Buffer.from([0xff, 0xfe, 0x00])],
    ['nothing', Buffer.alloc(0)],
  ])('quarantines %s with the reason, the queue and the bytes', async (_, bytes) => {
    const { run, events } = executor(boom);
    const settlement = await run(new HeldJobInTest(bytes));
    if (settlement.kind !== 'quarantined') throw new Error(settlement.kind);
    const { note, bytes: kept } = decodeQuarantined(settlement.entry);
    expect(note).toMatchObject({ from: 'w:jobs:sync', at: NOW, reason: expect.stringMatching(/\w/) });
    expect(kept).toEqual(bytes);
    expect(events).toEqual([{ type: 'job_quarantined', queue: 'sync', reason: note.reason }]);
  });

  it('sets a job aside, and says so, where the engine itself fails on it', async () => {
    const { run, events } = executor(() => 'done', { uniqueClaim: { claim: async () => boom() } });
    expect((await run(new HeldJobInTest(jobBytes({ unique: true })))).kind).toBe('quarantined');
    expect(events[0]).toMatchObject({ type: 'role_failed', role: 'JobExecutor' });
  });
});

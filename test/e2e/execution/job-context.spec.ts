import 'reflect-metadata';
import { setImmediate } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { JobContext } from '../../../src/context/index.js';
import { Job } from '../../../src/decorators/job.decorator.js';
import { NoRunningJobError } from '../../../src/errors/index.js';
import { Probe } from '../support/probe.js';
import { runDeclared } from '../support/run-declared.js';

const ids = Array.from({ length: 1_000 }, (_, index) => `job-${index}`);

describe('The JobContext', () => {
  it('of a thousand concurrent jobs is each one’s own, injected, as a parameter and without injection', async () => {
    const seen = new Map<string, unknown[]>();
    @Injectable()
    class Jobs {
      constructor(
        private readonly probe: Probe,
        private readonly context: JobContext,
      ) {}

      @Job('see')
      async see(args: { id: string }, job: JobContext) {
        await setImmediate();
        seen.set(args.id, [await this.probe.id(), this.context.id, job.id, JobContext.current()?.id]);
      }
    }
    const { run } = await runDeclared({ providers: [Probe, Jobs] });
    await Promise.all(ids.map((id) => run('see', { id }, id)));
    for (const id of ids) expect(seen.get(id)).toEqual([id, id, id, id]);
  });

  it('says what there is to say of the job', async () => {
    let job: JobContext | undefined;
    let injected: unknown;
    @Injectable()
    class Jobs {
      constructor(private readonly context: JobContext) {}
      @Job('see')
      see(_args: object, given: JobContext) {
        job = given;
        const { id, name, args, attempt, maxFails, enqueuedAt, signal, log } = this.context;
        injected = { id, name, args, attempt, maxFails, enqueuedAt, signal, log };
        this.context.checkin('half');
      }
    }
    const { run } = await runDeclared({ providers: [Jobs] });
    await run('see', { n: 1 }, 'abc');
    const { signal, log } = job!;
    const expected = {
      id: 'abc',
      name: 'see',
      args: { n: 1 },
      attempt: 1,
      maxFails: 4,
      enqueuedAt: new Date(1_700_000_000_000),
      signal,
      log,
    };
    expect(injected).toEqual(expected);
    expect(signal).toBeInstanceOf(AbortSignal);
  });

  it('is not there outside of a job: its members throw, current() is undefined', async () => {
    const { module } = await runDeclared({ providers: [Probe] });
    const context = module.get(JobContext);
    expect(() => context.id).toThrow(NoRunningJobError);
    expect(() => context.checkin('x')).toThrow(/JobContext\.checkin was used where no job runs/);
    for (const member of ['name', 'args', 'attempt', 'maxFails', 'enqueuedAt', 'signal', 'log'] as const) {
      expect(() => context[member]).toThrow(NoRunningJobError);
    }
    expect(JobContext.current()).toBeUndefined();
  });
});

import 'reflect-metadata';
import { Inject, Injectable, Module, Scope } from '@nestjs/common';
import { REQUEST } from '@nestjs/core';
import { JobContext } from '../../../src/context/index.js';
import { Job } from '../../../src/decorators/job.decorator.js';
import { MissingMiddlewareError } from '../../../src/errors/index.js';
import type { WorkMiddleware } from '../../../src/execution/index.js';
import { Probe } from '../support/probe.js';
import { runDeclared } from '../support/run-declared.js';

const told: string[] = [];
beforeEach(() => void told.splice(0));

describe('Middleware', () => {
  @Injectable()
  class Outer implements WorkMiddleware {
    constructor(private readonly probe: Probe) {}
    async use(job: JobContext, next: () => Promise<unknown>) {
      told.push(`outer ${job.id} ${await this.probe.id()}`);
      await next();
      told.push('outer after');
    }
  }
  @Injectable({ scope: Scope.REQUEST })
  class Inner implements WorkMiddleware {
    constructor(@Inject(REQUEST) private readonly job: JobContext) {}
    use(_job: JobContext, next: () => Promise<unknown>) {
      told.push(`inner ${this.job.id}`);
      return next();
    }
  }
  class Jobs {
    @Job('run')
    run() {
      told.push(`run ${JobContext.current()?.id}`);
    }
  }

  it('runs in the order given, around the handler, in request scope too, as providers of any module', async () => {
    @Module({ providers: [Inner] })
    class Other {}
    const options = { middleware: [Outer, Inner] };
    const { run } = await runDeclared({ imports: [Other], providers: [Probe, Outer, Jobs] }, options);
    await run('run', {}, 'a');
    expect(told).toEqual(['outer a a', 'inner a', 'run a', 'outer after']);
  });

  it('shares the context of the job with its handler', async () => {
    @Injectable({ scope: Scope.REQUEST })
    class Session {
      word = '';
    }
    @Injectable()
    class Opening implements WorkMiddleware {
      constructor(private readonly session: Session) {}
      use(job: JobContext, next: () => Promise<unknown>) {
        this.session.word = job.id;
        return next();
      }
    }
    @Injectable()
    class Reading {
      constructor(private readonly session: Session) {}
      @Job('read')
      run() {
        told.push(this.session.word);
      }
    }
    const { run } = await runDeclared({ providers: [Session, Opening, Reading] }, { middleware: [Opening] });
    await Promise.all([run('read', {}, 'a'), run('read', {}, 'b')]);
    expect(told.sort()).toEqual(['a', 'b']);
  });

  it('is refused where no module provides it, and where it has no use()', async () => {
    class Silent {}
    const missing = runDeclared({ providers: [Jobs] }, { middleware: [Outer] });
    await expect(missing).rejects.toThrow(/Job middleware Outer cannot be used: no module provides it/);
    await expect(missing).rejects.toBeInstanceOf(MissingMiddlewareError);
    const silent = runDeclared({ providers: [Jobs, Silent] }, { middleware: [Silent as never] });
    await expect(silent).rejects.toThrow(/it has no method use/);
  });
});

import 'reflect-metadata';
import { setImmediate } from 'node:timers/promises';
import {
  Controller,
  Inject,
  Injectable,
  Module,
  Scope,
  UseGuards,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import {
  ContextIdFactory,
  REQUEST,
  type ContextId,
  type ContextIdStrategy,
  type HostComponentInfo,
} from '@nestjs/core';
import { JobContext } from '../../../src/context/index.js';
import { Job } from '../../../src/decorators/job.decorator.js';
import { Probe } from '../support/probe.js';
import { runDeclared } from '../support/run-declared.js';

const told: string[] = [];
beforeEach(() => void told.splice(0));

const ids = Array.from({ length: 1_000 }, (_, index) => `job-${index}`);

describe('A handler', () => {
  it('whose tree is static is one instance, and costs no resolution', async () => {
    @Injectable()
    class Jobs {
      readonly made = told.push('made');
      @Job('run')
      run() {}
    }
    const { run } = await runDeclared({ providers: [Jobs] });
    await run('run');
    await run('run');
    expect(told).toEqual(['made']);
  });

  it('runs what stands at its method by then, so that a test can put a spy there', async () => {
    class Jobs {
      @Job('run')
      run() {
        told.push('run');
      }
    }
    const { run, module } = await runDeclared({ providers: [Jobs] });
    const spy = jest.spyOn(module.get(Jobs), 'run').mockImplementation(() => void told.push('spy'));
    await run('run', { n: 1 });
    expect(told).toEqual(['spy']);
    expect(spy).toHaveBeenCalledWith({ n: 1 }, expect.any(JobContext));
  });

  it('with a request-scoped dependency is made anew for each job, which is its REQUEST', async () => {
    const seen = new Map<string, unknown[]>();
    @Injectable({ scope: Scope.REQUEST })
    class Session {
      readonly made = told.push('made');
      constructor(
        @Inject(REQUEST) readonly request: JobContext,
        readonly job: JobContext,
        readonly probe: Probe,
      ) {}
    }
    @Injectable()
    class Jobs {
      constructor(private readonly session: Session) {}
      @Job('see')
      async see(_args: object, job: JobContext) {
        await setImmediate();
        const { session } = this;
        seen.set(job.id, [session.request === job, session.job.id, await session.probe.id()]);
      }
    }
    const { run } = await runDeclared({ providers: [Probe, Session, Jobs] });
    await Promise.all(ids.map((id) => run('see', {}, id)));
    for (const id of ids) expect(seen.get(id)).toEqual([true, id, id]);
    expect(told).toHaveLength(1_000);
  });

  it('that is transient is resolved once, with what it injects', async () => {
    @Injectable({ scope: Scope.TRANSIENT })
    class Jobs {
      readonly made = told.push('made');
      constructor(private readonly probe: Probe) {}
      @Job('run')
      async run() {
        told.push(await this.probe.id());
      }
    }
    const { run } = await runDeclared({ providers: [Probe, Jobs] });
    told.splice(0, told.length, 'made');
    await run('run', {}, 'a');
    await run('run', {}, 'b');
    expect(told).toEqual(['made', 'a', 'b']);
  });

  it('made by useFactory or useValue, and on a controller, runs on that instance', async () => {
    class Jobs {
      constructor(private readonly word: string) {}
      @Job('run')
      run() {
        told.push(this.word);
      }
    }
    class Values {
      word = 'value';
      @Job('value')
      run() {
        told.push(this.word);
      }
    }
    @Controller()
    class Controlled {
      constructor(private readonly probe: Probe) {}
      @Job('controlled')
      async run() {
        told.push(await this.probe.id());
      }
    }
    @Controller({ scope: Scope.REQUEST })
    class Scoped {
      constructor(@Inject(REQUEST) private readonly job: JobContext) {}
      @Job('scoped')
      run() {
        told.push(this.job.id);
      }
    }
    const { run } = await runDeclared({
      providers: [
        Probe,
        { provide: 'JOBS', useFactory: () => new Jobs('factory') },
        { provide: 'V', useValue: new Values() },
      ],
      controllers: [Controlled, Scoped],
    });
    await run('run');
    await run('value');
    await run('controlled', {}, 'c');
    await run('scoped', {}, 's');
    expect(told).toEqual(['factory', 'value', 'c', 's']);
  });

  it('is taken from its own module where another one has the same token', async () => {
    @Injectable({ scope: Scope.REQUEST })
    class Mine {
      @Job('mine')
      run() {
        told.push('mine');
      }
    }
    @Module({ providers: [{ provide: 'TOKEN', useClass: Mine }] })
    class First {}
    @Module({ providers: [{ provide: 'TOKEN', useValue: { run: () => told.push('other') } }] })
    class Second {}
    const { run } = await runDeclared({ imports: [First, Second] });
    await run('mine');
    expect(told).toEqual(['mine']);
  });

  it('whose dependencies cannot be made fails its job, and none else', async () => {
    @Injectable({ scope: Scope.REQUEST })
    class Session {
      constructor(@Inject(REQUEST) job: JobContext) {
        if (job.id === 'bad') throw new Error('no session');
      }
    }
    @Injectable()
    class Jobs {
      constructor(_session: Session) {}
      @Job('run')
      run() {
        told.push('run');
      }
    }
    const { run } = await runDeclared({ providers: [Session, Jobs] });
    await expect(run('run', {}, 'bad')).rejects.toThrow('no session');
    await run('run', {}, 'good');
    expect(told).toEqual(['run']);
  });
});

describe('A durable handler', () => {
  const tenants = new Map<string, ContextId>();

  class ByTenant implements ContextIdStrategy {
    attach(contextId: ContextId, request: JobContext) {
      const { tenant } = request.args as { tenant: string };
      if (tenant === 'unknown') throw new Error('no such tenant');
      const existing = tenants.get(tenant) ?? contextId;
      tenants.set(tenant, existing);
      return {
        resolve: (info: HostComponentInfo) => (info.isTreeDurable ? existing : contextId),
        payload: { tenant },
      };
    }
  }
  beforeEach(() => ContextIdFactory.apply(new ByTenant()));
  afterEach(() => {
    ContextIdFactory.apply(undefined as unknown as ContextIdStrategy);
    tenants.clear();
  });

  it('is one instance for each tenant, gets the payload as REQUEST, and still sees each job as its own', async () => {
    @Injectable({ scope: Scope.REQUEST, durable: true })
    class Pool {
      constructor(
        @Inject(REQUEST) readonly request: { tenant: string },
        readonly job: JobContext,
      ) {
        told.push(`made for ${request.tenant}`);
      }
    }
    const seen: [string, boolean][] = [];
    @Injectable({ scope: Scope.REQUEST, durable: true })
    class Jobs {
      constructor(private readonly pool: Pool) {}
      @Job('see')
      async see(_args: object, job: JobContext) {
        await setImmediate();
        seen.push([this.pool.request.tenant, this.pool.job.id === job.id]);
      }
    }
    const { run } = await runDeclared({ providers: [Pool, Jobs] });
    await Promise.all(['a', 'b', 'a', 'a', 'b'].map((tenant, index) => run('see', { tenant }, `job-${index}`)));
    expect(told.sort()).toEqual(['made for a', 'made for b']);
    expect(seen.sort(([a], [b]) => a.localeCompare(b))).toEqual([
      ['a', true],
      ['a', true],
      ['a', true],
      ['b', true],
      ['b', true],
    ]);
  });

  it('fails its job where the strategy throws', async () => {
    @Injectable({ scope: Scope.REQUEST, durable: true })
    class Jobs {
      @Job('run')
      run() {}
    }
    const { run } = await runDeclared({ providers: [Jobs] });
    await expect(run('run', { tenant: 'unknown' })).rejects.toThrow('no such tenant');
  });
});

describe('Enhancers in request scope', () => {
  it('share the context of the job with its handler', async () => {
    @Injectable({ scope: Scope.REQUEST })
    class Session {
      word = '';
    }
    @Injectable()
    class Guard implements CanActivate {
      constructor(private readonly session: Session) {}
      canActivate(context: ExecutionContext) {
        this.session.word = context.switchToRpc().getContext<JobContext>().id;
        return true;
      }
    }
    @Injectable()
    class Jobs {
      constructor(private readonly session: Session) {}
      @Job('run')
      @UseGuards(Guard)
      run() {
        told.push(this.session.word);
      }
    }
    const { run } = await runDeclared({ providers: [Session, Jobs] });
    await Promise.all([run('run', {}, 'a'), run('run', {}, 'b')]);
    expect(told.sort()).toEqual(['a', 'b']);
  });

  it('make a handler request-scoped that would not be so by itself', async () => {
    @Injectable({ scope: Scope.REQUEST })
    class Guard implements CanActivate {
      constructor(@Inject(REQUEST) private readonly job: JobContext) {}
      canActivate() {
        return this.job.id !== 'bad';
      }
    }
    class Jobs {
      @Job('run')
      @UseGuards(Guard)
      run() {
        told.push('run');
      }
    }
    const { run } = await runDeclared({ providers: [Jobs] });
    await run('run', {}, 'good');
    await expect(run('run', {}, 'bad')).rejects.toThrow('Forbidden');
    expect(told).toEqual(['run']);
  });
});

import 'reflect-metadata';
import {
  Body,
  Catch,
  Controller,
  Injectable,
  Query,
  Scope,
  SetMetadata,
  UseFilters,
  UseGuards,
  UsePipes,
  type ArgumentMetadata,
  type CallHandler,
  type CanActivate,
  type ExceptionFilter,
  type ExecutionContext,
  type ModuleMetadata,
  type PipeTransform,
} from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR, APP_PIPE, BaseExceptionFilter } from '@nestjs/core';
import { JobContext } from '../../../src/context/index.js';
import { Job } from '../../../src/decorators/job.decorator.js';
import { SkippedEnhancerError } from '../../../src/errors/index.js';
import { runDeclared, type DeclaredOptions } from '../support/run-declared.js';

const told: string[] = [];
beforeEach(() => void told.splice(0));

@Injectable()
class Guard implements CanActivate {
  canActivate() {
    return told.push('guard') > 0;
  }
}

@Catch()
class Filter implements ExceptionFilter {
  catch() {
    told.push('filter');
  }
}

@Injectable()
class Pipe implements PipeTransform {
  transform(value: unknown, { type }: ArgumentMetadata) {
    told.push(`pipe ${type}`);
    return value;
  }
}

async function refusal(metadata: ModuleMetadata, options?: DeclaredOptions): Promise<string> {
  const error: unknown = await runDeclared(metadata, options).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(SkippedEnhancerError);
  return (error as Error).message;
}

describe('An enhancer that Nest would skip in silence is refused at start', () => {
  class Jobs {
    @Job('guarded')
    @UseGuards(Guard)
    run() {}
  }

  it.each<[string, ModuleMetadata]>([
    ['useFactory', { providers: [{ provide: Jobs, useFactory: () => new Jobs() }] }],
    ['useValue', { providers: [{ provide: 'JOBS', useValue: new Jobs() }] }],
  ])('on a handler made by %s, also where another provider uses it', async (_, metadata) => {
    @Injectable()
    class Other {
      @UseGuards(Guard)
      other() {}
    }
    const providers = [...(metadata.providers ?? []), Other];
    expect(await refusal({ providers })).toMatch(/@Job\("guarded"\) on Jobs\.run: Guard would not run/);
  });

  it('on a controller', async () => {
    @Controller()
    class Controlled {
      @Job('guarded')
      @UseGuards(Guard)
      run() {}
    }
    expect(await refusal({ controllers: [Controlled] })).toMatch(/Controlled\.run: Guard would not run.*provider/);
  });

  it('a filter and a pipe as well, also at a parameter', async () => {
    @UseFilters(Filter)
    class Filtered {
      @Job('filtered')
      run() {}
    }
    class Piped {
      @Job('piped')
      @UsePipes(Pipe)
      run() {}
    }
    class Parameter {
      @Job('parameter')
      run(@Body(Pipe) _args: object) {}
    }
    const provide = (type: new () => object) => ({ providers: [{ provide: 'JOBS', useValue: new type() }] });
    expect(await refusal(provide(Filtered))).toMatch(/Filter would not run/);
    expect(await refusal(provide(Piped))).toMatch(/Pipe would not run/);
    expect(await refusal(provide(Parameter))).toMatch(/Pipe would not run/);
  });

  it('below a decorator that replaces the method', async () => {
    const replaced = (_: object, __: string, descriptor: PropertyDescriptor) => {
      const inner = descriptor.value as () => unknown;
      descriptor.value = () => inner();
    };
    class Wrapped {
      @replaced
      @UseGuards(Guard)
      @Job('wrapped')
      run() {}
    }
    expect(await refusal({ providers: [Wrapped] })).toMatch(/Guard would not run.*loses its metadata/);
  });

  it('on a method named by a symbol', async () => {
    class Hidden {
      @Job('hidden')
      @UseGuards(new Guard())
      [Symbol('run')]() {}
    }
    expect(await refusal({ providers: [Hidden] })).toMatch(/named by a symbol/);
  });

  it('at a parameter that is taken out of an HTTP request', async () => {
    class Query1 {
      @Job('query')
      run(@Query() _args: object) {}
    }
    expect(await refusal({ providers: [Query1] })).toMatch(/the decorator of parameter 1 would not run/);
  });
});

describe('Guards, interceptors, pipes and filters of the whole application', () => {
  class Jobs {
    @Job('plain')
    run(_args: object) {
      told.push('run');
    }

    @Job('fails')
    fail(_args: object) {
      throw new Error('boom');
    }
  }
  const interceptor = {
    intercept(_: ExecutionContext, next: CallHandler) {
      told.push('interceptor');
      return next.handle();
    },
  };
  const all = [
    { provide: APP_GUARD, useClass: Guard },
    { provide: APP_INTERCEPTOR, useValue: interceptor },
    { provide: APP_PIPE, useClass: Pipe },
    { provide: APP_FILTER, useClass: Filter },
  ];

  it('leave jobs alone, and those of the handler still apply', async () => {
    class Guarded {
      @Job('guarded')
      @UseGuards(new Guard())
      run() {
        told.push('run');
      }
    }
    const { run } = await runDeclared({ providers: [Jobs, Guarded, ...all] });
    await run('plain');
    await run('guarded');
    await expect(run('fails')).rejects.toThrow('boom');
    expect(told).toEqual(['run', 'guard', 'run']);
  });

  it('apply by option', async () => {
    const { run } = await runDeclared({ providers: [Jobs, ...all] }, { appWide: true });
    await run('plain');
    expect(told).toEqual(['guard', 'interceptor', 'pipe body', 'pipe custom', 'run']);
  });

  it('apply by option where they were added to the application by hand', async () => {
    const { run } = await runDeclared(
      { providers: [Jobs] },
      { appWide: true, beforeInit: (module) => module.createNestApplication().useGlobalGuards(new Guard()) },
    );
    await run('plain');
    expect(told).toEqual(['guard', 'run']);
  });

  it('never replace the error of a job with a filter, whatever it throws or returns', async () => {
    @Catch()
    class Base extends BaseExceptionFilter {
      override catch(error: unknown, host: never) {
        told.push('base');
        super.catch.call(this, error, host);
      }
    }
    const { run } = await runDeclared(
      { providers: [Jobs, { provide: APP_FILTER, useClass: Base }] },
      { appWide: true },
    );
    await expect(run('fails')).rejects.toThrow('boom');
    expect(told).toEqual(['base']);
  });

  it('come after the handler’s own filters', async () => {
    class Filtered {
      @Job('filtered')
      @UseFilters({ catch: () => told.push('own') })
      run() {
        throw new Error('boom');
      }
    }
    const { run } = await runDeclared({ providers: [Filtered, ...all] }, { appWide: true });
    await expect(run('filtered')).rejects.toThrow('boom');
    expect(told.at(-1)).toBe('own');
    expect(told).not.toContain('filter');
  });

  @Injectable({ scope: Scope.REQUEST })
  class ScopedGuard implements CanActivate {
    readonly isMade = true;
    canActivate() {
      return told.push(`scoped ${this.isMade}`) > 0;
    }
  }
  const scoped = { provide: APP_GUARD, useClass: ScopedGuard };

  it('are refused where they are request-scoped, naming enhancer, class and method', async () => {
    expect(await refusal({ providers: [Jobs, scoped] }, { appWide: true })).toMatch(
      /@Job\("\w+"\) on Jobs\.\w+: the app-wide ScopedGuard would not run.*@SetMetadata\('__entryProvider__', true\) class Jobs/,
    );
  });

  it('run request-scoped on a class that is marked', async () => {
    @SetMetadata('__entryProvider__', true)
    @Injectable()
    class Marked {
      constructor(private readonly job: JobContext) {}
      @Job('marked')
      run() {
        told.push(`run ${this.job.id}`);
      }
    }
    const { run } = await runDeclared({ providers: [Marked, scoped] }, { appWide: true });
    await run('marked', {}, 'first');
    expect(told).toEqual(['scoped true', 'run first']);
  });

  it('are refused where they are transient', async () => {
    @Injectable({ scope: Scope.TRANSIENT })
    class TransientGuard extends Guard {}
    const transient = { provide: APP_GUARD, useClass: TransientGuard };
    @SetMetadata('__entryProvider__', true)
    class Marked {
      @Job('marked')
      run() {}
    }
    expect(await refusal({ providers: [Marked, transient] }, { appWide: true })).toMatch(/TransientGuard.*transient/);
    expect(await refusal({ providers: [Jobs, transient] }, { appWide: true })).toMatch(/TransientGuard.*transient/);
  });
});

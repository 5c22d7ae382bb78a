import 'reflect-metadata';
import {
  BadRequestException,
  Catch,
  Controller,
  createParamDecorator,
  ForbiddenException,
  Injectable,
  Scope,
  UseFilters,
  UseGuards,
  UseInterceptors,
  UsePipes,
  ValidationPipe,
  type ArgumentMetadata,
  type ArgumentsHost,
  type CallHandler,
  type CanActivate,
  type ExceptionFilter,
  type ExecutionContext,
  type NestInterceptor,
  type PipeTransform,
} from '@nestjs/common';
import { IsInt } from 'class-validator';
import { map, of, tap } from 'rxjs';
import { CancelError, SnoozeError, UnrecoverableError } from '#engine';
import { JobContext } from '../../src/context/index.js';
import { Job } from '../../src/decorators/job.decorator.js';
import { Periodic } from '../../src/decorators/periodic.decorator.js';
import { runDeclared } from './support/run-declared.js';

const told: string[] = [];
beforeEach(() => void told.splice(0));

@Injectable()
class Words {
  readonly word = 'injected';
}

@Injectable()
class Guard implements CanActivate {
  constructor(private readonly words: Words) {}
  canActivate(context: ExecutionContext) {
    const [args, job] = context.getArgs<[{ deny?: boolean }, JobContext]>();
    told.push(`guard ${this.words.word} ${context.getType()} ${job.name}`);
    return !args.deny;
  }
}

@Injectable()
class Around implements NestInterceptor {
  constructor(private readonly words: Words) {}
  intercept(context: ExecutionContext, next: CallHandler) {
    told.push(`before ${this.words.word} ${context.getClass().name}.${context.getHandler().name}`);
    return next.handle().pipe(tap(() => void told.push('after')));
  }
}

@Injectable()
class Doubling implements PipeTransform {
  constructor(private readonly words: Words) {}
  transform(value: { n: number }, metadata: ArgumentMetadata) {
    if (metadata.type !== 'body') return value;
    told.push(`pipe ${this.words.word} ${metadata.metatype?.name} ${value.constructor.name}`);
    return { n: value.n * 2 };
  }
}

class NumberDto {
  @IsInt()
  n!: number;
}

describe('Guards, interceptors and pipes of a handler', () => {
  it('run in their order, with what they inject, and see arguments and job', async () => {
    @Injectable()
    class Jobs {
      @Job('number')
      @UseGuards(Guard)
      @UseInterceptors(Around)
      @UsePipes(Doubling)
      run(args: NumberDto, job: JobContext) {
        told.push(`run ${args.n} ${job.name}`);
      }
    }
    const { run } = await runDeclared({ providers: [Words, Jobs] });
    await run('number', { n: 2 });
    expect(told).toEqual([
      'guard injected work number',
      'before injected Jobs.run',
      'pipe injected NumberDto NumberDto',
      'run 4 number',
      'after',
    ]);
  });

  it('run for a class that carries them, also for one method handling two jobs and for inherited methods', async () => {
    class Base {
      @Job('one')
      @Job('two')
      run(args: NumberDto) {
        told.push(`run ${args.n}`);
      }
    }
    @UseGuards(Guard)
    class Jobs extends Base {}
    const { run } = await runDeclared({ providers: [Words, Jobs] });
    await run('one', { n: 1 });
    await run('two', { n: 2 });
    expect(told).toEqual(['guard injected work one', 'run 1', 'guard injected work two', 'run 2']);
  });

  it('make a refused job a failed one', async () => {
    class Jobs {
      @Job('number')
      @UseGuards(Guard)
      run() {
        told.push('run');
      }
    }
    const { run } = await runDeclared({ providers: [Words, Jobs] });
    await expect(run('number', { deny: true })).rejects.toBeInstanceOf(ForbiddenException);
    expect(told).not.toContain('run');
  });

  it('get the arguments after their validation, which fails before any pipe is asked', async () => {
    class Jobs {
      @Job('number')
      @UsePipes(Doubling)
      run() {}

      @Job('validated')
      @UsePipes(Doubling)
      validated(_args: NumberDto) {}
    }
    const { run } = await runDeclared({ providers: [Words, Jobs] });
    await expect(run('validated', { n: 'two' })).rejects.toThrow(/args\.n must be an integer number/);
    expect(told).toEqual([]);
  });

  it('work as instances, on whatever provides the handler', async () => {
    const guard = { canActivate: () => told.push('guard') > 0 };
    class Jobs {
      @Job('number')
      @UseGuards(guard)
      run() {
        told.push('run');
      }
    }
    @Controller()
    class Controlled {
      @Job('controlled')
      @UseGuards(guard)
      run() {
        told.push('run');
      }
    }
    const { run } = await runDeclared({
      providers: [{ provide: 'JOBS', useFactory: () => new Jobs() }],
      controllers: [Controlled],
    });
    await run('number');
    await run('controlled');
    expect(told).toEqual(['guard', 'run', 'guard', 'run']);
  });

  it('work on a class behind a token', async () => {
    class Jobs {
      @Job('number')
      @UseGuards(Guard)
      run() {
        told.push('run');
      }
    }
    const { run } = await runDeclared({ providers: [Words, { provide: 'JOBS', useClass: Jobs }] });
    await run('number');
    expect(told).toEqual(['guard injected work number', 'run']);
  });

  it('work where a handler is only periodic: it gets the job alone', async () => {
    class Jobs {
      @Periodic('* * * * *', { name: 'tick' })
      @UseGuards(Guard)
      run(...given: unknown[]) {
        told.push(`run ${given.length} ${(given[0] as JobContext).name}`);
      }
    }
    const { run } = await runDeclared({ providers: [Words, Jobs] });
    await run('tick', {});
    expect(told[1]).toBe('run 1 tick');
  });

  it('get the value that a parameter decorator of the user takes', async () => {
    const Tenant = createParamDecorator((key: string, context: ExecutionContext) => {
      const [args] = context.getArgs<[Record<string, unknown>]>();
      return args[key];
    });
    class Jobs {
      @Job('number')
      run(args: object, job: JobContext, @Tenant('tenant', Doubling) tenant: { n: number }) {
        told.push(`run ${JSON.stringify(args)} ${job.name} ${tenant.n}`);
      }
    }
    const { run } = await runDeclared({ providers: [Words, Jobs] });
    await run('number', { tenant: { n: 4 } });
    expect(told.at(-1)).toBe('run {"tenant":{"n":4}} number 4');
  });

  it('leave the JobContext alone, ValidationPipe among them', async () => {
    class Jobs {
      @Job('number')
      @UsePipes(new ValidationPipe({ transform: true }))
      run(args: NumberDto, job: JobContext) {
        told.push(`${args.constructor.name} ${job instanceof JobContext} ${job.id}`);
      }
    }
    const { run } = await runDeclared({ providers: [Jobs] });
    await run('number', { n: 1 }, 'abc');
    expect(told).toEqual(['NumberDto true abc']);
  });

  it('may change what comes out, and an Observable is awaited', async () => {
    const ended: string[] = [];
    class Jobs {
      @Job('stream')
      stream() {
        return of(1, 2).pipe(tap((n) => ended.push(`direct ${n}`)));
      }

      @Job('chained')
      @UseInterceptors({ intercept: (_: unknown, next: CallHandler) => next.handle().pipe(map(() => 3)) })
      chained() {
        return of(1);
      }
    }
    const { run } = await runDeclared({ providers: [Jobs] });
    await run('stream');
    expect(ended).toEqual(['direct 1', 'direct 2']);
    expect(await run('chained')).toBe(3);
  });

  it('have an instance each where they are transient', async () => {
    @Injectable({ scope: Scope.TRANSIENT })
    class TransientGuard implements CanActivate {
      readonly made = told.push('made');
      constructor(private readonly words: Words) {}
      canActivate() {
        told.push(`guard ${this.words?.word}`);
        return true;
      }
    }
    class Jobs {
      @Job('number')
      @UseGuards(TransientGuard)
      run() {}
    }
    const { run } = await runDeclared({ providers: [Words, Jobs] });
    await run('number');
    await run('number');
    expect(told.filter((word) => word !== 'made')).toEqual(['guard injected', 'guard injected']);
  });
});

describe('Filters of a handler', () => {
  class Failure extends Error {}
  const host: { host?: ArgumentsHost } = {};

  abstract class Telling implements ExceptionFilter {
    catch(error: Error, argumentsHost: ArgumentsHost): unknown {
      told.push(`${this.constructor.name} ${error.message}`);
      host.host = argumentsHost;
      return this.result();
    }
    result(): unknown {
      return undefined;
    }
  }

  @Catch()
  class ReturnsNothing extends Telling {}
  @Catch()
  class ReturnsTrue extends Telling {
    override result() {
      return true;
    }
  }
  @Catch()
  class ReturnsObservable extends Telling {
    override result() {
      return of(1).pipe(tap(() => void told.push('subscribed')));
    }
  }
  @Catch()
  class ReturnsPromise extends Telling {
    override result() {
      return Promise.resolve('handled');
    }
  }
  @Catch()
  class Throws extends Telling {
    override result(): unknown {
      throw new Failure('replaced');
    }
  }
  @Catch()
  class Rejects extends Telling {
    override result() {
      return Promise.reject(new Failure('rejected'));
    }
  }
  @Catch(Failure)
  class OnlyFailure extends Telling {}
  @Catch(BadRequestException)
  class OnlyBadRequest extends Telling {}

  it.each([
    [ReturnsNothing, 'boom', ['ReturnsNothing boom']],
    [ReturnsTrue, 'boom', ['ReturnsTrue boom']],
    [ReturnsObservable, 'boom', ['ReturnsObservable boom', 'subscribed']],
    [ReturnsPromise, 'boom', ['ReturnsPromise boom']],
    [Throws, 'replaced', ['Throws boom']],
    [Rejects, 'rejected', ['Rejects boom']],
    [OnlyFailure, 'boom', ['OnlyFailure boom']],
    [OnlyBadRequest, 'boom', []],
  ])('never make a failed job a done one: %p', async (filter, message, expected) => {
    class Jobs {
      @Job('fails')
      @UseFilters(filter)
      run() {
        throw new Failure('boom');
      }
    }
    const { run } = await runDeclared({ providers: [Jobs] });
    const error = (await run('fails').catch((thrown: unknown) => thrown)) as Error;
    expect(error).toBeInstanceOf(Failure);
    expect(error.message).toBe(message);
    expect(told).toEqual(expected);
    if (message !== 'boom') expect(error.cause).toMatchObject({ message: 'boom' });
  });

  it('see arguments and job, and are chosen as Nest chooses: the method’s first, the last one written first', async () => {
    @UseFilters(ReturnsTrue)
    class Jobs {
      @Job('method')
      @UseFilters(new OnlyBadRequest(), new OnlyFailure())
      run() {
        throw new Failure('boom');
      }

      @Job('class')
      @UseFilters(OnlyBadRequest)
      other() {
        throw new Failure('boom');
      }
    }
    const { run } = await runDeclared({ providers: [Jobs] });
    await expect(run('method', { n: 1 })).rejects.toThrow('boom');
    await expect(run('class')).rejects.toThrow('boom');
    expect(told).toEqual(['OnlyFailure boom', 'ReturnsTrue boom']);
    const { host: last } = host;
    expect(last?.getType()).toBe('work');
    expect(last?.switchToRpc().getContext<JobContext>().name).toBe('class');
  });

  it('see what guards, pipes and the validation throw', async () => {
    class Jobs {
      @Job('number')
      @UseFilters(ReturnsTrue)
      run(_args: NumberDto) {}
    }
    const { run } = await runDeclared({ providers: [Jobs] });
    const error = await run('number', { n: 'x' }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UnrecoverableError);
    expect(told).toHaveLength(1);
  });

  it('work with what they inject, also in request scope', async () => {
    @Catch()
    @Injectable({ scope: Scope.REQUEST })
    class Scoped extends Telling {
      constructor(
        private readonly words: Words,
        private readonly job: JobContext,
      ) {
        super();
      }
      override result() {
        return told.push(`${this.words.word} ${this.job.id}`);
      }
    }
    class Jobs {
      @Job('fails')
      @UseFilters(Scoped)
      run() {
        throw new Failure('boom');
      }
    }
    const { run } = await runDeclared({ providers: [Words, Jobs] });
    await expect(run('fails', {}, 'first')).rejects.toThrow('boom');
    await expect(run('fails', {}, 'second')).rejects.toThrow('boom');
    expect(told).toEqual(['Scoped boom', 'injected first', 'Scoped boom', 'injected second']);
  });

  it('work where they are transient', async () => {
    @Catch()
    @Injectable({ scope: Scope.TRANSIENT })
    class Transient extends Telling {
      constructor(private readonly words: Words) {
        super();
      }
      override result() {
        return told.push(this.words.word);
      }
    }
    class Jobs {
      @Job('fails')
      @UseFilters(Transient)
      run() {
        throw new Failure('boom');
      }
    }
    const { run } = await runDeclared({ providers: [Words, Jobs] });
    await expect(run('fails')).rejects.toThrow('boom');
    expect(told).toEqual(['Transient boom', 'injected']);
  });

  it('do not see a job that asks for a later time or cancels itself: neither is an error', async () => {
    class Jobs {
      @Job('snoozes')
      @UseFilters(Throws)
      snooze() {
        throw new SnoozeError('5m');
      }

      @Job('cancels')
      @UseFilters(Throws)
      cancel() {
        throw new CancelError('gone');
      }
    }
    const { run } = await runDeclared({ providers: [Jobs] });
    await expect(run('snoozes')).rejects.toBeInstanceOf(SnoozeError);
    await expect(run('cancels')).rejects.toBeInstanceOf(CancelError);
    expect(told).toEqual([]);
  });
});

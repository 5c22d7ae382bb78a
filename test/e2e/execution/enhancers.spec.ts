import 'reflect-metadata';
import {
  Controller,
  createParamDecorator,
  ForbiddenException,
  Injectable,
  Scope,
  UseGuards,
  UseInterceptors,
  UsePipes,
  ValidationPipe,
  type ArgumentMetadata,
  type CallHandler,
  type CanActivate,
  type ExecutionContext,
  type NestInterceptor,
  type PipeTransform,
} from '@nestjs/common';
import { IsInt } from 'class-validator';
import { map, of, tap } from 'rxjs';
import { JobContext } from '../../../src/context/index.js';
import { Job } from '../../../src/decorators/job.decorator.js';
import { Periodic } from '../../../src/decorators/periodic.decorator.js';
import { runDeclared } from '../support/run-declared.js';

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

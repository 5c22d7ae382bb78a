import 'reflect-metadata';
import { Controller, Injectable, Module, Post, Scope, type Provider, type Type } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import { JobContext } from '../context/index.js';
import { Job } from '../decorators/job.decorator.js';
import { Periodic } from '../decorators/periodic.decorator.js';
import { InvalidJobDeclarationError } from '../errors/index.js';
import { discoverJobs } from './discover-jobs.js';
import type { DiscoveredJob } from './discovered-job.js';

class MailDto {
  to!: string;
}

async function discover(providers: Provider[], controllers: Type[] = []): Promise<DiscoveredJob[]> {
  const module = await Test.createTestingModule({ providers, controllers }).compile();
  return discoverJobs(module.get(ModulesContainer).values());
}

async function refusal(providers: Provider[], controllers: Type[] = []): Promise<string> {
  const error: unknown = await discover(providers, controllers).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(InvalidJobDeclarationError);
  return (error as Error).message;
}

describe('Discovery sees', () => {
  it('several jobs of one class, and @Job and @Periodic on one method as one job', async () => {
    @Injectable()
    class Mails {
      @Job('send', { maxFails: 7 })
      @Periodic('0 * * * *', { timezone: 'Europe/Berlin' })
      @Periodic('30 * * * *')
      send(_args: MailDto | null) {}

      @Job('forget')
      forget() {}
    }
    const jobs = await discover([Mails]);
    expect(jobs.map((job) => [job.name, job.place])).toEqual([
      ['send', '@Job("send") on Mails.send'],
      ['forget', '@Job("forget") on Mails.forget'],
    ]);
    expect(jobs[0]?.options).toEqual({ maxFails: 7 });
    expect(jobs[0]?.schedules).toEqual([
      { expression: '0 * * * *', timezone: 'Europe/Berlin' },
      { expression: '30 * * * *', timezone: undefined },
    ]);
  });

  it('a periodic method under the name of the provided class, not of the declaring one', async () => {
    abstract class Cleaner {
      @Periodic('0 3 * * *')
      clean() {}
    }
    class Files extends Cleaner {}
    class Rows extends Cleaner {}
    const jobs = await discover([Files, Rows]);
    expect(jobs.map((job) => job.name)).toEqual(['Files.clean', 'Rows.clean']);
    expect(jobs[0]?.handler.takesArguments).toBe(false);
  });

  it('inherited methods, and an override with a decorator in place of what it overrides', async () => {
    class Base {
      @Job('kept')
      kept() {}

      @Job('replaced')
      run() {}
    }
    class Sub extends Base {
      @Job('replacing')
      override run() {}
    }
    expect((await discover([Sub])).map((job) => job.name).sort()).toEqual(['kept', 'replacing']);
  });

  it('methods named by a symbol, and private ones', async () => {
    const hidden = Symbol('hidden');
    class Mails {
      @Job('hidden')
      [hidden]() {}

      @Job('private')
      private send() {}
    }
    expect((await discover([Mails])).map((job) => job.name).sort()).toEqual(['hidden', 'private']);
  });

  it.each([
    ['useFactory', (type: Type) => ({ provide: 'TOKEN', useFactory: () => new type() as object })],
    [
      'an asynchronous useFactory',
      (type: Type) => ({ provide: 'TOKEN', useFactory: async () => new type() as object }),
    ],
    ['useValue', (type: Type) => ({ provide: 'TOKEN', useValue: new type() as object })],
    ['useClass under a token', (type: Type) => ({ provide: Symbol('TOKEN'), useClass: type })],
    ['request scope', (type: Type) => ({ provide: type, useClass: type, scope: Scope.REQUEST })],
    ['transient scope', (type: Type) => ({ provide: type, useClass: type, scope: Scope.TRANSIENT })],
    ['durable scope', (type: Type) => ({ provide: type, useClass: type, scope: Scope.REQUEST, durable: true })],
  ])('what is provided by %s', async (_, provide) => {
    class Mails {
      @Job('send')
      send() {}
    }
    const [job] = await discover([provide(Mails) as Provider]);
    expect(job?.place).toBe('@Job("send") on Mails.send');
  });

  it('controllers', async () => {
    @Controller()
    class Mails {
      @Post()
      @Job('send')
      send() {}
    }
    const [job] = await discover([], [Mails]);
    expect(job?.handler.provided.isController).toBe(true);
  });

  it('a class once, however many aliases stand for it', async () => {
    class Mails {
      @Job('send')
      send() {}
    }
    const alias = { provide: 'ALIAS', useExisting: Mails };
    expect(await discover([Mails, alias, { provide: 'OTHER', useExisting: 'ALIAS' }])).toHaveLength(1);
  });

  it('nothing in values and factories that are no instances of a class', async () => {
    const values = [null, undefined, 1, 'text', () => {}, class {}, Object.create(null), []];
    expect(
      await discover(values.map((useValue, index) => ({ provide: `VALUE_${index}`, useValue: useValue as unknown }))),
    ).toEqual([]);
  });
});

describe('The class of the arguments', () => {
  async function argumentsOf(type: Type) {
    const [job] = await discover([type]);
    return job?.arguments;
  }

  it('is that of the first parameter, also optional or with a default value', async () => {
    class A {
      @Job('a')
      run(_args: MailDto) {}
    }
    class C {
      @Job('c')
      run(_args?: MailDto) {}
    }
    class D {
      @Job('d')
      run(_args: MailDto = new MailDto()) {}
    }
    for (const type of [A, C, D]) expect(await argumentsOf(type)).toEqual({ kind: 'class', type: MailDto });
  });

  it('is none where there is no parameter, where its type is null, and where args: null says so', async () => {
    class A {
      @Job('a')
      run() {}
    }
    class B {
      @Job('b', { args: null })
      run(_args: MailDto) {}
    }
    class C {
      @Job('c')
      run(_args: null, _job: JobContext) {}
    }
    for (const type of [A, B, C]) expect(await argumentsOf(type)).toEqual({ kind: 'none' });
  });

  it('is the one that the option names', async () => {
    class A {
      @Job('a', { args: MailDto })
      run(_args: { to: string }) {}
    }
    expect(await argumentsOf(A)).toEqual({ kind: 'class', type: MailDto });
  });

  it('is unknown for an interface, for a union with null, and in a build without metadata where there is a parameter', async () => {
    class A {
      @Job('a')
      run(_args: { to: string }) {}
    }
    class Nullable {
      @Job('nullable')
      run(_args: MailDto | null) {}
    }
    class B {
      run(_args: MailDto) {}
    }
    Job('b')(
      B.prototype,
      'run',
      Object.getOwnPropertyDescriptor(B.prototype, 'run') as TypedPropertyDescriptor<() => void>,
    );
    for (const type of [A, Nullable]) {
      expect(await argumentsOf(type)).toMatchObject({ kind: 'unknown', reason: expect.stringContaining('no class') });
    }
    expect(await argumentsOf(B)).toMatchObject({
      kind: 'unknown',
      reason: expect.stringContaining('no decorator metadata'),
    });
  });

  it('cannot be text, a number, an array or the JobContext', async () => {
    class A {
      @Job('a')
      run(_args: string) {}
    }
    class B {
      @Job('b')
      run(_args: string[]) {}
    }
    class C {
      @Job('c')
      run(_job: JobContext) {}
    }
    expect(await refusal([A])).toMatch(/@Job\("a"\) on A\.run: the first parameter is a String/);
    expect(await refusal([B])).toMatch(/Array/);
    class D {
      @Job('d', { args: null })
      run(_job: JobContext) {}
    }
    expect(await refusal([C])).toMatch(/the second the JobContext\. .*\(args: null, job: JobContext\)/);
    expect(await refusal([D])).toMatch(/the second the JobContext/);
  });
});

describe('Discovery refuses', () => {
  class Mails {
    @Job('send')
    send() {}
  }

  it('an override without a decorator, naming both methods', async () => {
    class Sub extends Mails {
      override send() {}
    }
    expect(await refusal([Sub])).toMatch(/@Job\("send"\) on Mails\.send: Sub\.send overrides it without a decorator/);
  });

  it('two handlers of one job, naming both', async () => {
    class Others {
      @Job('send')
      other() {}
    }
    expect(await refusal([Mails, Others])).toMatch(
      /Others\.other: job "send" is handled by @Job\("send"\) on Mails\.send already/,
    );
  });

  it('the same class in two modules, naming both', async () => {
    @Module({ providers: [Mails] })
    class First {}
    @Module({ providers: [Mails] })
    class Second {}
    const module = await Test.createTestingModule({ imports: [First, Second] }).compile();
    expect(() => discoverJobs(module.get(ModulesContainer).values())).toThrow(
      /Mails is provided twice: in First, and in Second/,
    );
  });

  it('the same class under two tokens', async () => {
    expect(await refusal([Mails, { provide: 'OTHER', useClass: Mails }])).toMatch(/under the token "OTHER"/);
  });

  it('a job name that cannot be one, and an expression that is wrong or never fires', async () => {
    class A {
      @Job('a:lock')
      run() {}
    }
    class B {
      @Periodic('0 0 31 2 *')
      run() {}
    }
    class C {
      @Periodic('* * *')
      run() {}
    }
    expect(await refusal([A])).toMatch(/@Job\("a:lock"\) on A\.run: .*must not end in/);
    expect(await refusal([B])).toMatch(/@Periodic\("0 0 31 2 \*"\) on B\.run/);
    expect(await refusal([C])).toMatch(/@Periodic\("\* \* \*"\) on C\.run/);
  });

  it('declarations of one job that contradict each other, and a schedule that may belong to two jobs', async () => {
    class A {
      @Job('a', { priority: 3 })
      @Periodic('* * * * *', { priority: 4 })
      run() {}
    }
    class B {
      @Job('b1')
      @Job('b2')
      @Periodic('* * * * *')
      run() {}
    }
    expect(await refusal([A])).toMatch(/different values for "priority"/);
    expect(await refusal([B])).toMatch(/may belong to b1 or b2/);
  });

  it('a schedule without a name on a method that has none', async () => {
    class A {
      @Periodic('* * * * *')
      [Symbol('hidden')]() {}
    }
    expect(await refusal([A])).toMatch(/Give it a "name"/);
  });
});

describe('What a tick gives its handler', () => {
  it('must be what a method takes that is only periodic: the JobContext alone', async () => {
    class Jobs {
      @Periodic('0 3 * * *')
      clean(_args: null, _job: JobContext) {}
    }
    expect(await refusal([Jobs])).toBe(
      '@Periodic("0 3 * * *") on Jobs.clean: a method that is only periodic has no arguments, and gets the JobContext as its ' +
        'first parameter. Write (job: JobContext).',
    );
  });

  it('cannot be the class of its first parameter', async () => {
    class Jobs {
      // @ts-expect-error the compiler says so as well
      @Periodic('0 3 * * *')
      clean(_args: MailDto) {}
    }
    expect(await refusal([Jobs])).toMatch(/Write \(job: JobContext\)\.$/);
  });

  it('is null where @Job stands on it too, which its class cannot be', async () => {
    class Jobs {
      @Job('send')
      // @ts-expect-error the compiler says so as well
      @Periodic('0 3 * * *')
      send(_args: MailDto, _job: JobContext) {}
    }
    expect(await refusal([Jobs])).toBe(
      '@Job("send") on Jobs.send: a tick calls it with null for its arguments, and its first parameter is a MailDto. Write ' +
        '(args: MailDto | null, job: JobContext) with { args: MailDto } on @Job, or put @Periodic on a method of its own.',
    );
  });

  it.each([
    ['no parameter', [] as unknown[], false],
    ['the context', [JobContext], false],
    ['a type that is no class', [Object], false],
    ['a class that is named as one, where the compiler drops the null', [MailDto, JobContext], true],
  ])('is fine for %s', async (_, types, isJobToo) => {
    class Jobs {
      run() {}
    }
    const { value } = Object.getOwnPropertyDescriptor(Jobs.prototype, 'run')!;
    Periodic('@daily')(Jobs.prototype, 'run', { value: value as () => void });
    if (isJobToo) Job('run', { args: MailDto })(Jobs.prototype, 'run', { value: value as () => void });
    Reflect.defineMetadata('design:paramtypes', types, Jobs.prototype, 'run');
    expect(await discover([Jobs])).toHaveLength(1);
  });
});

describe('An option that does not exist', () => {
  it('is refused, with the one that is likely meant', async () => {
    const options = { maxFail: 5 };
    class Jobs {
      @Job('send', options as object)
      send() {}
    }
    expect(await refusal([Jobs])).toBe(
      '@Job("send") on Jobs.send: option "maxFail" does not exist; did you mean "maxFails"?',
    );
  });

  it('is refused of @Periodic, with those that there are', async () => {
    const options = { tz: 'UTC' };
    class Jobs {
      @Periodic('@daily', options as object)
      send() {}
    }
    expect(await refusal([Jobs])).toMatch(/: option "tz" does not exist; there are priority, .*, name, timezone\.$/);
  });
});

describe('The refusal of an expression', () => {
  it('says it once, with class and method', async () => {
    class Jobs {
      @Periodic('0 25 * * *')
      send() {}
    }
    const error: unknown = await discover([Jobs]).catch((thrown: unknown) => thrown);
    expect((error as Error).message).toMatch(/^@Periodic\("0 25 \* \* \*"\) on Jobs\.send: .*"25" in field "hour"/);
    expect(error).not.toHaveProperty('cause');
  });
});

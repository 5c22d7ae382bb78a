import 'reflect-metadata';
import { Inject, Injectable, Optional, type Provider } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import { Job } from '../decorators/job.decorator.js';
import { untoldParameter, type UntoldParameter } from './constructor-parameters.js';
import { discoverJobs } from './discover-jobs.js';

@Injectable()
class Mailer {}

async function untold(provider: Provider): Promise<UntoldParameter | undefined> {
  const module = await Test.createTestingModule({ providers: [Mailer, provider] }).compile();
  const [job] = discoverJobs(module.get(ModulesContainer).values());
  return untoldParameter(job!.handler.provided);
}

/** As after a build that writes no decorator metadata. */
function withoutTypes<T extends object>(type: T): T {
  Reflect.deleteMetadata('design:paramtypes', type);
  return type;
}

class Base {
  @Job('mail')
  send() {}
}

describe('A parameter that Nest passes as undefined', () => {
  it('is the first one of a class without a decorator', async () => {
    class Jobs extends Base {
      constructor(readonly mailer: Mailer) {
        super();
      }
    }
    expect(await untold(Jobs)).toEqual({ index: 0, isDecorated: false });
    expect(await untold({ provide: 'JOBS', useClass: Jobs })).toEqual({ index: 0, isDecorated: false });
  });

  it('is the first one that no decorator names, where the build writes no metadata', async () => {
    @Injectable()
    class Jobs extends Base {
      constructor(
        @Inject(Mailer) readonly mailer: Mailer,
        readonly other: Mailer,
      ) {
        super();
      }
    }
    expect(await untold(withoutTypes(Jobs))).toEqual({ index: 1, isDecorated: true });
  });

  it('is one that a class without a decorator has beyond those of the class that it extends', async () => {
    @Injectable()
    class Decorated extends Base {
      constructor(readonly mailer: Mailer) {
        super();
      }
    }
    class Jobs extends Decorated {
      constructor(
        mailer: Mailer,
        readonly other: Mailer,
      ) {
        super(mailer);
      }
    }
    expect(await untold(Jobs)).toEqual({ index: 1, isDecorated: false });
  });
});

describe('No such parameter', () => {
  it('has a class with a decorator, nor one that extends it', async () => {
    @Injectable()
    class Jobs extends Base {
      constructor(readonly mailer: Mailer) {
        super();
      }
    }
    class Sub extends Jobs {}
    class Same extends Jobs {
      constructor(mailer: Mailer) {
        super(mailer);
      }
    }
    expect([await untold(Jobs), await untold(Sub), await untold(Same)]).toEqual([undefined, undefined, undefined]);
  });

  it('has a class that names all of them, or can do without', async () => {
    @Injectable()
    class Jobs extends Base {
      constructor(
        @Inject(Mailer) readonly mailer: Mailer,
        @Optional() readonly other?: Mailer,
      ) {
        super();
      }
    }
    expect(await untold(withoutTypes(Jobs))).toBeUndefined();
  });

  it('has a class without parameters, or with default values', async () => {
    class Jobs extends Base {
      constructor(
        readonly now = Date.now,
        ...more: unknown[]
      ) {
        super();
        void more;
      }
    }
    expect([await untold(Base), await untold(Jobs)]).toEqual([undefined, undefined]);
  });

  it('has what a factory or a value gives', async () => {
    class Jobs extends Base {
      constructor(readonly mailer: Mailer) {
        super();
      }
    }
    const useFactory = (mailer: Mailer) => new Jobs(mailer);
    expect(await untold({ provide: Jobs, useFactory, inject: [Mailer] })).toBeUndefined();
    expect(await untold({ provide: Jobs, useValue: new Jobs(new Mailer()) })).toBeUndefined();
  });
});

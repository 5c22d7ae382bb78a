import 'reflect-metadata';
import { Injectable, Scope, type Provider } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { Allow, IsDate, IsEmail, IsInt, IsOptional, Min } from 'class-validator';
import {
  Enqueuer,
  InvalidArgumentsError,
  Job,
  JobContext,
  Periodic,
  UnrecoverableError,
  WorkClient,
  type ListedJob,
  type WorkModuleOptions,
} from 'nestjs-work';
import { encodeNewJob, newId } from '#protocol';
import { describeRedis, testRedis, waitFor, type TestRedis } from '../support/index.js';
import { startApp, type WorkApp } from './support/work-app.js';

class SignUpDto {
  @IsEmail()
  email!: string;

  @IsOptional()
  @IsInt()
  @Min(0)
  age?: number;
}

describeRedis('A declared job', () => {
  let test: TestRedis;
  let started: WorkApp | undefined;
  beforeEach(() => void (test = testRedis()));
  afterEach(async () => {
    await started?.app.close();
    started = undefined;
    await test.close();
  });

  async function start(providers: Provider[], options: Partial<WorkModuleOptions> = {}) {
    started = await startApp({ namespace: test.namespace, connection: test.url, ...options }, { providers });
    const { app } = started;
    return { app, enqueuer: app.get(Enqueuer), client: app.get(WorkClient) };
  }

  /** As a Go service would, which knows nothing of our classes. */
  async function enqueueAsForeigner(name: string, argsJson: string): Promise<void> {
    const bytes = encodeNewJob({ name, id: newId(), t: Math.floor(Date.now() / 1000), argsJson });
    await test.redis.sadd(test.keyspace.knownJobs, name);
    await test.redis.lpush(test.keyspace.queue(name), bytes);
  }

  async function firstDead(client: WorkClient): Promise<ListedJob> {
    return await waitFor('a dead job', async () => {
      const [entry] = (await client.deadJobs()).jobs;
      return entry?.kind === 'job' && entry;
    });
  }

  it('runs with an instance of its class and with its context', async () => {
    const seen: unknown[] = [];
    @Injectable()
    class Users {
      @Job('sign_up')
      signUp(args: SignUpDto, job: JobContext) {
        job.checkin('half');
        seen.push([args instanceof SignUpDto, args.email, args.age, job.id, job.name, job.attempt, job.maxFails]);
      }
    }
    const { enqueuer } = await start([Users]);
    const { id } = await enqueuer.enqueue('sign_up', { email: 'ada@example.org', age: 36 });
    await waitFor('the run', () => seen.length > 0);
    expect(seen).toEqual([[true, 'ada@example.org', 36, id, 'sign_up', 1, 4]]);
  });

  it('in request scope runs on an instance of its own', async () => {
    const seen: unknown[] = [];
    @Injectable({ scope: Scope.REQUEST })
    class Users {
      readonly #made = Symbol();
      constructor(private readonly job: JobContext) {}
      @Job('sign_up')
      signUp(args: { n: number }) {
        seen.push([args.n, this.job.id, this.#made]);
      }
    }
    const { enqueuer } = await start([Users]);
    const jobs = await enqueuer.enqueueMany('sign_up', [{ n: 0 }, { n: 1 }]);
    await waitFor('both runs', () => seen.length === 2);
    const [first, second] = (seen as [number, string, symbol][]).sort(([a], [b]) => a - b);
    expect([first![1], second![1]]).toEqual(jobs.map((job) => job.id));
    expect(first![2]).not.toBe(second![2]);
  });

  describe('whose arguments its class refuses', () => {
    class Users {
      @Job('sign_up')
      signUp(_args: SignUpDto) {}
    }

    it('is refused when enqueued, with every bad field named and nothing written', async () => {
      const { enqueuer } = await start([Users]);
      const bad = { email: 'ada', age: -1 };
      const ways = [
        () => enqueuer.enqueue('sign_up', bad),
        () => enqueuer.enqueueIn('sign_up', 60, bad),
        () => enqueuer.enqueueUnique('sign_up', bad),
        () => enqueuer.enqueueMany('sign_up', [{ email: 'ada@example.org' }, bad]),
      ];
      for (const enqueue of ways) {
        const error: unknown = await enqueue().catch((thrown: unknown) => thrown);
        expect(error).toBeInstanceOf(InvalidArgumentsError);
        expect((error as InvalidArgumentsError).message).toMatch(
          /"sign_up".*\.email must be an email; args.*\.age must not be less than 0/,
        );
      }
      expect(await test.redis.exists(test.keyspace.queue('sign_up'), test.keyspace.scheduled)).toBe(0);
    });

    it('goes to dead at once where a foreign producer wrote it, with every bad field named', async () => {
      const { client } = await start([Users]);
      await enqueueAsForeigner('sign_up', '{"email":"ada","age":-1}');
      const { job } = await firstDead(client);
      expect(job.fails).toBe(1);
      expect(job.err).toMatch(/args\.email must be an email; args\.age must not be less than 0/);
    });

    it('is tried again where the job says so', async () => {
      class Patient {
        @Job('sign_up', { onInvalidArguments: 'retry' })
        signUp(_args: SignUpDto) {}
      }
      const { client } = await start([Patient]);
      await enqueueAsForeigner('sign_up', '{"email":"ada"}');
      const entry = await waitFor('the retry', async () => (await client.retryJobs()).jobs[0]);
      expect(entry).toMatchObject({ kind: 'job', job: { fails: 1 } });
    });

    it('goes to dead for a key that reaches prototypes, also without a class', async () => {
      class Plain {
        @Job('plain')
        run(_args: object) {}
      }
      const { client, enqueuer } = await start([Plain]);
      await enqueueAsForeigner('plain', '{"a":{"__proto__":{"admin":true}}}');
      expect((await firstDead(client)).job.err).toMatch(/args\.a\.__proto__/);
      await expect(
        enqueuer.enqueue('plain', JSON.parse('{"__proto__":{"admin":true}}') as object),
      ).rejects.toBeInstanceOf(InvalidArgumentsError);
      expect(({} as { admin?: boolean }).admin).toBeUndefined();
    });
  });

  it('is validated as the handler will receive it, and written as the caller gave it', async () => {
    const seen: unknown[] = [];
    class EventDto {
      @IsDate()
      when!: Date;
    }
    class TitleDto {
      @Transform(({ value }: { value: string }) => `${value}!`)
      @Allow()
      title!: string;
    }
    class Jobs {
      @Job('event')
      event(_args: EventDto) {}
      @Job('title')
      title(args: TitleDto) {
        seen.push(args.title);
      }
    }
    const { enqueuer } = await start([Jobs]);
    // Without @Type a Date is text when it arrives, which @IsDate refuses at every run: so it is refused here.
    await expect(enqueuer.enqueue('event', { when: new Date() })).rejects.toThrow(/args\.when must be a Date instance/);
    await enqueuer.enqueue('title', { title: 'once' });
    await waitFor('the run', () => seen.length > 0);
    expect(seen).toEqual(['once!']);
  });

  it('gets large integers as bigint where its class says so, and the stored bytes stay', async () => {
    const seen: unknown[] = [];
    class AccountDto {
      @Allow()
      balance!: bigint;
    }
    class Jobs {
      @Job('account')
      run(args: AccountDto, job: JobContext) {
        seen.push(args.balance, job.args);
      }
    }
    const { enqueuer } = await start([Jobs]);
    const rounded = enqueuer.enqueue('account', { balance: 2 ** 53 + 2 });
    await expect(rounded).rejects.toThrow(/args\.balance is too large for a number/);
    await enqueuer.enqueue('account', { balance: 9_007_199_254_740_993n });
    await waitFor('the run', () => seen.length > 0);
    expect(seen[0]).toBe(9_007_199_254_740_993n);
  });

  it('without arguments gets null, or an empty instance of its class', async () => {
    const seen: unknown[] = [];
    class EmptyDto {}
    class Jobs {
      @Job('none')
      none(args: object | null) {
        seen.push(args);
      }
      @Job('empty')
      empty(args: EmptyDto) {
        seen.push(args);
      }
    }
    const { app, enqueuer } = await start([Jobs], { concurrency: 1 });
    await enqueuer.enqueue('none', null);
    await waitFor('the first', () => seen.length === 1);
    await enqueuer.enqueue('empty', null);
    await waitFor('the second', () => seen.length === 2);
    expect(seen[0]).toBeNull();
    expect(seen[1]).toBeInstanceOf(EmptyDto);
    expect(app).toBeDefined();
  });

  it('that is periodic runs at its times, with the job alone; beside @Job with null and the job', async () => {
    const seen: unknown[][] = [];
    class Jobs {
      @Periodic('* * * * * *', { name: 'tick' })
      tick(...given: unknown[]) {
        seen.push(['tick', given.length, given[0] instanceof JobContext]);
      }

      @Job('report', { args: SignUpDto })
      @Periodic('* * * * * *')
      report(args: SignUpDto | null, job: JobContext) {
        seen.push(['report', job.name, args]);
      }
    }
    await start([Jobs]);
    await waitFor('a tick of each', () => new Set(seen.map(([name]) => name)).size === 2);
    expect(seen).toContainEqual(['tick', 1, true]);
    expect(seen).toContainEqual(['report', 'report', null]);
  });

  it('goes to dead at once when its handler says that no attempt can help', async () => {
    class Jobs {
      @Job('hopeless')
      run() {
        throw new UnrecoverableError('no such customer');
      }
    }
    const { client, enqueuer } = await start([Jobs]);
    await enqueuer.enqueue('hopeless', {});
    expect((await firstDead(client)).job).toMatchObject({ fails: 1, err: 'no such customer' });
  });

  it('that another process handles can be enqueued with any arguments', async () => {
    const { enqueuer } = await start([], { worker: false, knownJobs: ['elsewhere'] });
    await enqueuer.enqueue('elsewhere', { any: ['thing'] });
    expect(await test.redis.llen(test.keyspace.queue('elsewhere'))).toBe(1);
  });

  it('is validated in a process that only enqueues, too', async () => {
    class Users {
      @Job('sign_up')
      signUp(_args: SignUpDto) {}
    }
    const { enqueuer } = await start([Users], { worker: false });
    await expect(enqueuer.enqueue('sign_up', { email: 'ada' })).rejects.toBeInstanceOf(InvalidArgumentsError);
  });

  it('is validated although somebody enqueued before all handlers were made', async () => {
    class Users {
      @Job('sign_up')
      signUp(_args: SignUpDto) {}
    }
    @Injectable()
    class Early {
      readonly enqueued: Promise<unknown>;
      constructor(enqueuer: Enqueuer) {
        this.enqueued = enqueuer.enqueue('sign_up', { email: 'early' });
      }
    }
    const late = {
      provide: 'USERS',
      inject: [Early],
      useFactory: async ({ enqueued }: Early) => {
        await enqueued;
        return new Users();
      },
    };
    const { enqueuer } = await start([Early, late], { worker: false });
    await expect(enqueuer.enqueue('sign_up', { email: 'late' })).rejects.toBeInstanceOf(InvalidArgumentsError);
  });

  it('is not validated with validation: false', async () => {
    class Users {
      @Job('sign_up')
      signUp(_args: SignUpDto) {}
    }
    const { enqueuer } = await start([Users], { validation: false, worker: false });
    await enqueuer.enqueue('sign_up', { email: 'ada' });
    expect(await test.redis.llen(test.keyspace.queue('sign_up'))).toBe(1);
  });
});

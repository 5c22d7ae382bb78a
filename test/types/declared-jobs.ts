// Type-checked, never run: each line below a `@ts-expect-error` must not compile, everything else must.
import { IsEmail } from 'class-validator';
import { Job, JobContext, Periodic, type Enqueuer, type EnqueuedJob, type ScheduledJob } from 'nestjs-work';

class TypedMailDto {
  @IsEmail()
  to!: string;
  subject?: string;
}

class OtherDto {
  n!: number;
}

declare module 'nestjs-work' {
  interface JobArguments {
    types_mail: TypedMailDto;
    types_none: null;
  }
}

export class Handlers {
  @Job('types_mail')
  withClass(_args: TypedMailDto, _job: JobContext) {}

  @Job('types_mail')
  withFewer(_args: Pick<TypedMailDto, 'to'>) {}

  @Job('types_mail')
  withNone() {}

  @Job('types_mail')
  async asynchronous(_args: TypedMailDto) {
    await Promise.resolve();
  }

  // @ts-expect-error the arguments of types_mail are no OtherDto
  @Job('types_mail')
  withOther(_args: OtherDto) {}

  // @ts-expect-error they have no such property
  @Job('types_mail')
  withMore(_args: TypedMailDto & { cc: string }) {}

  // @ts-expect-error the second parameter is the JobContext
  @Job('types_mail')
  withText(_args: TypedMailDto, _job: string) {}

  @Periodic('@daily')
  atTimes(_job: JobContext) {}

  @Periodic('@daily')
  atTimesWithout() {}

  @Job('types_also_periodic', { args: TypedMailDto })
  @Periodic('@daily')
  atTimesAndEnqueued(_args: TypedMailDto | null, _job: JobContext) {}

  // @ts-expect-error a tick has no arguments, and null is none of its class
  @Periodic('@daily')
  atTimesWithArguments(_args: TypedMailDto, _job: JobContext) {}

  @Job('types_none')
  withNull(_args: null, _job: JobContext) {}

  @Job('types_undeclared')
  undeclared(_args: OtherDto, _job: JobContext) {}

  @Job('types_undeclared', {
    priority: 5,
    maxFails: 2,
    maxConcurrency: 1,
    skipDead: true,
    backoff: ({ fails }) => fails,
  })
  withOptions(_args: { any: string }) {}

  @Job('types_undeclared', { args: OtherDto, instance: 'mails', onInvalidArguments: 'retry' })
  @Periodic('* * * * *', { timezone: 'UTC', name: 'types_periodic', maxFails: 1 })
  withMoreOptions(_args: OtherDto | null, _job: JobContext) {}

  // @ts-expect-error no such option
  @Job('types_undeclared', { retries: 3 })
  wrongOption() {}

  // @ts-expect-error an option of the wrong type
  @Job('types_undeclared', { maxFails: '3' })
  wrongValue() {}

  @Periodic('* * * * *')
  periodic(_job: JobContext) {}

  // @ts-expect-error only methods handle jobs
  @Job('types_undeclared')
  property = () => {};
}

export async function enqueue(enqueuer: Enqueuer): Promise<void> {
  const job: EnqueuedJob = await enqueuer.enqueue('types_mail', { to: 'ada@example.org' });
  const scheduled: ScheduledJob = await enqueuer.enqueueIn('types_mail', '5m', { to: job.id });
  await enqueuer.enqueueAt('types_mail', scheduled.runAt, { to: '' });
  await enqueuer.enqueueMany('types_mail', [{ to: '' }, { to: '', subject: '' }]);
  await enqueuer.enqueue('types_none', null);
  await enqueuer.enqueue('types_undeclared', { any: 'thing' });
  await enqueuer.enqueue('types_undeclared', null);
  const name: string = 'computed';
  await enqueuer.enqueue(name, { any: 'thing' });
  const unique: EnqueuedJob | null = await enqueuer.enqueueUniqueByKey('types_mail', { to: '' }, { to: unique0 });

  // @ts-expect-error the arguments of types_mail have no such property
  await enqueuer.enqueue('types_mail', { to: '', cc: '' });
  // @ts-expect-error a property is missing
  await enqueuer.enqueue('types_mail', {});
  // @ts-expect-error of the wrong type
  await enqueuer.enqueue('types_mail', { to: 7 });
  // @ts-expect-error types_mail needs arguments
  await enqueuer.enqueue('types_mail', null);
  // @ts-expect-error types_none takes none
  await enqueuer.enqueue('types_none', {});
  // @ts-expect-error arguments are an object
  await enqueuer.enqueue('types_undeclared', 'text');
  // @ts-expect-error one of many is wrong
  await enqueuer.enqueueMany('types_mail', [{ to: '' }, { to: 1 }]);
  // @ts-expect-error no such unit of time
  await enqueuer.enqueueIn('types_mail', '5 parsecs', { to: '' });
  // @ts-expect-error a unique job may be there already: the answer may be null
  const certain: EnqueuedJob = await enqueuer.enqueueUnique('types_mail', { to: '' });
  void [unique, certain];
}

declare const unique0: string;

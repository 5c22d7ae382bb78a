// Checked by the compiler alone: what must not compile is expected not to.
import type { ArgumentsOf, Enqueuer } from 'nestjs-work';

class TypedMail {
  to!: string;
  copies?: number;
}

declare module 'nestjs-work' {
  interface JobArguments {
    'types/mail': TypedMail;
    'types/nightly': null;
  }
}

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const holds = <T extends true>(): T | undefined => undefined;

export async function whatCompiles(enqueuer: Enqueuer, anyName: string): Promise<void> {
  await enqueuer.enqueue('types/mail', { to: 'ada@example.com' });
  await enqueuer.enqueue('types/nightly', null);
  await enqueuer.enqueue('not declared', { anything: [1, 2n, { at: 'all' }] });
  await enqueuer.enqueue('not declared', null);
  await enqueuer.enqueue(anyName, { anything: true });
  await enqueuer.enqueueMany('types/mail', [{ to: 'a' }, { to: 'b', copies: 2 }]);
  await enqueuer.enqueueUniqueByKey('types/mail', { to: 'a' }, { to: 'a' });

  const job = await enqueuer.enqueue('types/mail', { to: 'a' });
  const scheduled = await enqueuer.enqueueIn('types/mail', '5m', { to: 'a' });
  const unique = await enqueuer.enqueueUnique('types/mail', { to: 'a' });
  holds<Equal<typeof job.enqueuedAt, Date>>();
  holds<Equal<typeof scheduled.runAt, Date>>();
  holds<Equal<(typeof unique & object)['id'], string>>();
  holds<Equal<ArgumentsOf<'types/mail'>, TypedMail>>();
  holds<Equal<ArgumentsOf<'not declared'>, object | null>>();

  // @ts-expect-error may be null, where a job of the same uniqueness waits
  unique.id.toUpperCase();
}

export async function whatDoesNot(enqueuer: Enqueuer): Promise<void> {
  // @ts-expect-error a number is no text
  await enqueuer.enqueue('types/mail', { to: 5 });
  // @ts-expect-error "to" is missing
  await enqueuer.enqueue('types/mail', {});
  // @ts-expect-error "too" is a misspelt "to"
  await enqueuer.enqueue('types/mail', { to: 'a', too: 'b' });
  // @ts-expect-error null is not what was declared
  await enqueuer.enqueue('types/mail', null);
  // @ts-expect-error no arguments at all
  await enqueuer.enqueue('types/mail');
  // @ts-expect-error takes none
  await enqueuer.enqueue('types/nightly', { a: 1 });
  // @ts-expect-error text is no object
  await enqueuer.enqueue('not declared', 'text');
  // @ts-expect-error one of them is wrong
  await enqueuer.enqueueMany('types/mail', [{ to: 'a' }, { to: 1 }]);
  // @ts-expect-error neither seconds nor text like '5m'
  await enqueuer.enqueueIn('types/mail', 'soon', { to: 'a' });
  // @ts-expect-error milliseconds are no Date
  await enqueuer.enqueueAt('types/mail', Date.now(), { to: 'a' });
  // @ts-expect-error the delay comes before the arguments
  await enqueuer.enqueueIn('types/mail', { to: 'a' }, 5);
  // @ts-expect-error in every form
  await enqueuer.enqueueUnique('types/mail', { to: 5 });
  // @ts-expect-error in every form
  await enqueuer.enqueueUniqueIn('types/mail', 5, { to: 5 });
  // @ts-expect-error in every form
  await enqueuer.enqueueUniqueInByKey('types/mail', 5, { to: 5 }, {});
  // @ts-expect-error the key is an object
  await enqueuer.enqueueUniqueByKey('types/mail', { to: 'a' }, 'a');
}

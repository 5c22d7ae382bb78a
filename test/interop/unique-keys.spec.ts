import fc from 'fast-check';
import { encodeGoJson, uniqueKey, type GoJsonOptions } from '#protocol';
import { Enqueuer } from '#engine';
import { arbitraryArguments } from '../support/arbitrary-json.js';
import { describeEachGo, describeGo, type GoPrograms, type SharedNamespace } from './support/index.js';

/** 20 times 50 argument objects; what goes wrong is shrunk to one. */
const batches = fc.array(arbitraryArguments, { minLength: 50, maxLength: 50 });
const TRIES = { numRuns: 20 };

/** How the Go that built the programs writes backspace and form feed. */
function escapesOf(programs: GoPrograms | undefined): NonNullable<GoJsonOptions['escapes']> {
  const [, minor] = (programs?.goVersion ?? '1.22').split('.').map(Number);
  return minor! < 22 ? 'go1.21' : 'go1.22';
}

describeEachGo('The uniqueness key of any arguments', ({ shared, dialect, programs }) => {
  const json = { escapes: escapesOf(programs) };
  let jobs = 0;
  /** So that no run meets what another has left. */
  const newName = () => `mail${(jobs += 1)}`;
  const keyOf = (name: string, args: object) => uniqueKey(shared().keyspace, name, encodeGoJson(args, json));
  const differing = (args: readonly object[]) => [...new Map(args.map((one) => [keyOf('', one), one])).values()];

  it('is the same where Go enqueues and where ours does', async () => {
    const go = shared().goProducer();
    const property = async (given: readonly object[]) => {
      const name = newName();
      const args = differing(given);
      const answers = await Promise.all(args.map((one) => go.enqueueUnique(name, one)));
      expect(answers).not.toContain(null);
      expect(await keysOf(shared(), name)).toEqual(args.map((one) => keyOf(name, one)).sort());
    };
    await fc.assert(fc.asyncProperty(batches, property), TRIES);
  });

  it('keeps ours from enqueueing what Go has enqueued, and Go what ours has', async () => {
    const { redis, keyspace } = shared();
    const enqueuer = new Enqueuer({ redis, keyspace, ...json });
    const go = shared().goProducer();
    const accepted = batches.map((given) => given.filter(isAccepted));
    const property = async (given: readonly object[]) => {
      const [byGo, byOurs] = [newName(), newName()];
      const args = differing(given);
      expect(await Promise.all(args.map((one) => go.enqueueUnique(byGo, one)))).not.toContain(null);
      expect(await Promise.all(args.map((one) => enqueuer.enqueueUnique(byOurs, one)))).not.toContain(null);
      const again = [
        ...(await Promise.all(args.map((one) => enqueuer.enqueueUnique(byGo, one)))),
        ...(await Promise.all(args.map((one) => go.enqueueUnique(byOurs, one)))),
      ];
      expect(again).toEqual(again.map(() => null));
    };
    await fc.assert(fc.asyncProperty(accepted, property), TRIES);
    await enqueuer.close();
  });

  it('differs between Go before 1.22 and later where a text holds a backspace or a form feed', async () => {
    const args = { text: '\b\f' };
    const other: typeof json.escapes = json.escapes === 'go1.22' ? 'go1.21' : 'go1.22';
    await shared().goProducer().enqueueUnique('mail', args);
    expect(await keysOf(shared(), 'mail')).toEqual([keyOf('mail', args)]);
    const { redis, keyspace } = shared();
    const [same, otherwise] = [json.escapes, other].map((escapes) => new Enqueuer({ redis, keyspace, escapes }));
    expect(await same!.enqueueUnique('mail', args)).toBeNull();
    expect(await otherwise!.enqueueUnique('mail', args)).not.toBeNull();
    await Promise.all([same!.close(), otherwise!.close()]);
  });

  it('ends after the name where there are no arguments', async () => {
    await shared().goProducer().enqueueUnique('mail', null);
    expect(await keysOf(shared(), 'mail')).toEqual([uniqueKey(shared().keyspace, 'mail', null)]);
    expect(await shared().enqueuer.enqueueUnique('mail', null)).toBeNull();
  });

  if (dialect === 'master')
    it('is the same whether a job is unique by its arguments or by a key', async () => {
      const go = shared().goProducer();
      const property = async (given: readonly object[]) => {
        const name = newName();
        const keys = differing(given);
        const written = await Promise.all(keys.map((key) => go.enqueueUniqueByKey(name, { n: 1 }, key)));
        expect(written.map((job) => job?.unique_key)).toEqual(keys.map((key) => keyOf(name, key)));
        const accepted = keys.filter(isAccepted);
        expect(await Promise.all(accepted.map((key) => go.enqueueUnique(name, key)))).toEqual(accepted.map(() => null));
      };
      await fc.assert(fc.asyncProperty(batches, property), TRIES);
    });
});

describeGo('master', 'The uniqueness key in a job of Go', ({ shared }) => {
  it('is the one that ours frees', async () => {
    const args = { '<k>': '\u2028 😀', list: [1e-7, -0, []] };
    await shared().goProducer().enqueueUnique('mail', args);
    const [listed] = (await shared().client.waitingJobs('mail')).jobs;
    if (listed?.kind !== 'job') throw new Error('It is no job.');
    expect(listed.job.uniqueKey).toBe(uniqueKey(shared().keyspace, 'mail', encodeGoJson(args)));
    await shared().client.removeWaitingJob('mail', listed.job.id);
    expect(await keysOf(shared(), 'mail')).toEqual([]);
  });
});

async function keysOf({ redis, keyspace }: SharedNamespace, name: string): Promise<string[]> {
  return (await redis.keys(`${keyspace.uniquePrefix(name)}*`)).sort();
}

/** Ours refuses keys that JavaScript programs may stumble over. */
function isAccepted(args: object): boolean {
  return !/"(__proto__|constructor|prototype)":/.test(JSON.stringify(args));
}

import fc from 'fast-check';
import { encodeGoJson, uniqueKey, type GoJsonOptions } from '#protocol';
import { Enqueuer } from '#engine';
import { arbitraryWideArguments } from '../support/arbitrary-json.js';
import { describeEachGo, describeGo, type GoPrograms, type SharedNamespace } from './support/index.js';

/** Different ones, each with a job name of its own; one that goes wrong is shrunk. */
const OBJECTS = 1_000;
/** On a machine that is busy. */
const TEST_MS = 120_000;

/** How the Go that built the programs writes backspace and form feed. */
function escapesOf(programs: GoPrograms | undefined): NonNullable<GoJsonOptions['escapes']> {
  const [, minor] = (programs?.goVersion ?? '1.22').split('.').map(Number);
  return minor! < 22 ? 'go1.21' : 'go1.22';
}

describeEachGo('The uniqueness key of any arguments', ({ shared, dialect, programs }) => {
  const json = { escapes: escapesOf(programs) };
  const keyOf = (name: string, args: object) => uniqueKey(shared().keyspace, name, encodeGoJson(args, json));

  /** Holds it for so many objects whose keys differ. */
  async function holds(args: fc.Arbitrary<object>, property: (args: object, name: string) => Promise<void>) {
    const held = new Set<string>();
    let jobs = 0;
    const holdsOnce = async (one: object) => {
      fc.pre(!held.has(keyOf('', one)));
      await property(one, `mail${(jobs += 1)}`);
      held.add(keyOf('', one));
    };
    await fc.assert(fc.asyncProperty(args, holdsOnce), { numRuns: OBJECTS });
    expect(held.size).toBe(OBJECTS);
  }

  it(
    'is the same where Go enqueues and where ours does',
    async () => {
      const go = shared().goProducer();
      await holds(arbitraryWideArguments, async (args, name) => {
        expect(await go.enqueueUnique(name, args)).not.toBeNull();
        expect(await keysOf(shared(), name)).toEqual([keyOf(name, args)]);
      });
    },
    TEST_MS,
  );

  it(
    'keeps ours from enqueueing what Go has enqueued, and Go what ours has',
    async () => {
      const { redis, keyspace } = shared();
      const ours = new Enqueuer({ redis, keyspace, ...json });
      const go = shared().goProducer();
      await holds(arbitraryWideArguments.filter(isAccepted), async (args, name) => {
        const [byGo, byOurs] = [`${name}_by_go`, `${name}_by_ours`];
        expect(await Promise.all([go.enqueueUnique(byGo, args), ours.enqueueUnique(byOurs, args)])).not.toContain(null);
        expect(await Promise.all([ours.enqueueUnique(byGo, args), go.enqueueUnique(byOurs, args)])).toEqual([
          null,
          null,
        ]);
      });
      await ours.close();
    },
    TEST_MS,
  );

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
    it(
      'is the same whether a job is unique by its arguments or by a key',
      async () => {
        const go = shared().goProducer();
        await holds(arbitraryWideArguments, async (key, name) => {
          expect(await go.enqueueUniqueByKey(name, { n: 1 }, key)).toMatchObject({ unique_key: keyOf(name, key) });
          expect(await go.enqueueUnique(name, key)).toBeNull();
        });
      },
      TEST_MS,
    );
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
  return !/"(__proto__|constructor|prototype)":/.test(encodeGoJson(args));
}

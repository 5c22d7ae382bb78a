import fc from 'fast-check';
import { FetchWorld } from '../../../test/support/fetch-world.js';

/** Deterministic chance, so that a failure can be run again. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const eventNames = Object.keys(new FetchWorld(() => 0).events);
/** What a pool does all the time comes more often than what goes wrong. */
const usual = ['enqueue', 'endJob', 'answer', 'answer', 'answer', 'passTime'];
const event = fc.tuple(fc.constantFrom(...eventNames, ...usual, ...usual, ...usual), fc.nat(1_000_000));
const history = fc.array(event, { maxLength: 120, size: 'max' });

function expectNothingLostOrDoubled(world: FetchWorld): void {
  const settled = world.redis.settled.map(({ job }) => job);
  expect([...world.redis.everywhere, ...settled].sort()).toEqual([...world.enqueued].sort());
  for (const { job, kind } of world.redis.settled) expect(world.handlers.ended.get(job)).toContain(kind);
}

async function play(history: readonly (readonly [string, number])[], seed: number): Promise<FetchWorld> {
  const world = new FetchWorld(seeded(seed));
  await world.turn();
  for (const [name, choice] of history) await world.happens(name, choice);
  return world;
}

describe('FetchState', () => {
  it('runs each job once and settles it as it ended, whatever happens in between', async () => {
    await fc.assert(
      fc.asyncProperty(history, fc.nat(), async (history, seed) => {
        const world = await play(history, seed);
        await world.settleDown(() => world.redis.everywhere.length === 0 && world.state.isIdle);
        expectNothingLostOrDoubled(world);
        expect(world.redis.everywhere).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('ends a stop with every job settled or back in its queue, whatever happened before and happens meanwhile', async () => {
    await fc.assert(
      fc.asyncProperty(history, history, fc.boolean(), fc.nat(), async (before, meanwhile, abandon, seed) => {
        const world = await play(before, seed);
        world.stop();
        for (const [name, choice] of meanwhile.slice(0, 40)) await world.happens(name, choice);
        if (abandon) await world.abandon();
        await world.settleDown(() => world.state.isIdle);
        expectNothingLostOrDoubled(world);
        expect(world.redis.allInProgress).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });
});

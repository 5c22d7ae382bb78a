import fc from 'fast-check';
import type { KnownReply, QueueStatus } from '#store';
import { FetchWorld } from '../../../../test/support/fetch-world.js';
import type { FetchCall } from './fetch-call.js';
import { FetchState } from './fetch-state.js';
import type { FetchStep, ReadStep } from './next-step.js';

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

  describe('with one slot, and jobs fetched ahead', () => {
    let state: FetchState;
    let beatAgeMs = 0;
    const ask = (nowMs: number) => {
      const step = state.next(nowMs);
      if (step.kind !== 'settle-and-fetch') throw new Error(`It does not call but ${step.kind}s.`);
      return step.call;
    };
    const reply = (jobs: readonly string[], status: QueueStatus = 'more'): KnownReply => ({
      kind: 'ok',
      gone: [],
      kept: [],
      errors: [],
      foreignLimits: [],
      statuses: new Map([['mail', status]]),
      jobs: jobs.map((bytes) => ({ queueName: 'mail', bytes: Buffer.from(bytes) })),
    });
    const settlesOf = ({ settles }: FetchCall) =>
      settles.map(({ bytes, settlement }) => `${String(bytes)} ${settlement.kind}`);

    /** Leaves job 1 running, and jobs 2 and 3 ahead since 1,000 ms. */
    beforeEach(() => {
      beatAgeMs = 0;
      state = new FetchState({
        concurrency: 1,
        jobTypes: [{ name: 'mail', priority: 1, limit: 0 }],
        random: () => 0.5,
        beatAgeMs: () => beatAgeMs,
        onChange: () => {},
      });
      state.registered('P');
      state.replied(ask(999), reply(['1', '2', '3']), 1_000);
      state.startable(1_000);
    });

    it('starts the next one as soon as the slot is free, and settles the first', () => {
      for (const job of state.running) state.jobEnded(job, { kind: 'succeeded' });
      expect(state.startable(1_099).map(({ bytes }) => String(bytes))).toEqual(['2']);
      expect(settlesOf(ask(1_099))).toEqual(['1 succeeded']);
    });

    it('gives them back after 100 ms, and no slot that becomes free then changes that', () => {
      expect(state.next(1_001)).toEqual({ kind: 'wait', untilMs: 1_100 });
      for (const job of state.running) state.jobEnded(job, { kind: 'succeeded' });
      expect(state.startable(1_100)).toEqual([]);
      expect(settlesOf(ask(1_100))).toEqual(['1 succeeded', '3 back', '2 back']);
    });

    it('gives them back when their queue turns out to be paused', () => {
      const [job] = state.running;
      state.jobEnded(job!, { kind: 'back' });
      state.replied(ask(1_010), reply([], 'paused'), 1_011);
      expect(settlesOf(ask(1_011))).toEqual(['3 back', '2 back']);
    });

    it('names the queue of what is ahead in each call, so that a pause is noticed', () => {
      const endRunning = () => state.running.forEach((job) => state.jobEnded(job, { kind: 'succeeded' }));
      endRunning();
      state.replied(ask(1_001), reply([], 'empty'), 1_002);
      state.startable(1_002);
      endRunning();
      expect(ask(1_003)).toMatchObject({ queues: [{ name: 'mail' }] });
    });

    it('gives them back when it stops, and what a call under way brings as well', () => {
      const [job] = state.running;
      state.jobEnded(job!, { kind: 'succeeded' });
      const call = ask(1_001);
      state.stopFetching();
      state.replied(call, reply(['4']), 1_002);
      expect(state.startable(1_002)).toEqual([]);
      expect(settlesOf(ask(1_002)).sort()).toEqual(['2 back', '3 back', '4 back']);
    });

    it('starts nothing once the pool may be taken for dead, until a call that was sent since is answered', () => {
      const [job] = state.running;
      const call = ask(1_200);
      beatAgeMs = 20_000;
      state.replied(call, reply(['4', '5']), 20_000);
      state.jobEnded(job!, { kind: 'succeeded' });
      expect(state.startable(20_001)).toEqual([]);
      state.replied(ask(20_001), reply([]), 20_002);
      expect(state.startable(20_002).map(({ bytes }) => String(bytes))).toEqual(['4']);
    });
  });

  describe('whose step fails', () => {
    const stateOf = () => {
      const state = new FetchState({
        concurrency: 1,
        jobTypes: [{ name: 'mail', priority: 1, limit: 0 }],
        random: () => 0.5,
        beatAgeMs: () => 0,
        onChange: () => {},
      });
      state.registered('P');
      return state;
    };

    it('pauses for long where a key is of another type, which somebody has to mend, and else for a moment', () => {
      const [mistyped, busy] = [stateOf(), stateOf()];
      for (const state of [mistyped, busy]) state.next(0);
      mistyped.refused(0, true);
      busy.refused(0, false);
      expect(mistyped.next(0)).toEqual({ kind: 'wait', untilMs: 750 });
      expect(busy.next(0)).toEqual({ kind: 'wait', untilMs: 15 });
    });

    it('asks every queue under a new id, as others may have given back what it had', () => {
      const state = stateOf();
      const settleAndFetch = state.next(0) as Extract<FetchStep, { kind: 'settle-and-fetch' }>;
      const empty = { kind: 'ok', gone: [], kept: [], errors: [], statuses: new Map([['mail', 'empty']]), jobs: [] };
      state.replied(settleAndFetch.call, empty as unknown as KnownReply, 1);
      expect(state.next(1)).toMatchObject({ kind: 'wait' });
      state.wasFenced();
      expect(state.next(1)).toEqual({ kind: 'renew' });
      state.renewed('Q', 1);
      const read = state.next(1) as ReadStep;
      state.readReplied(read, { isMember: false, number: 1, entries: new Map(), errors: [] }, 1);
      expect(state.next(1)).toMatchObject({ kind: 'settle-and-fetch', call: { queues: [{ name: 'mail' }] } });
    });
  });
});

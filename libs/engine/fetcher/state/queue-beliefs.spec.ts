import { QueueBeliefs } from './queue-beliefs.js';

const HALF = () => 0.5;
const types = (count: number) => Array.from({ length: count }, (_, i) => ({ name: `q${i}`, priority: 1, limit: 0 }));
const names = (queues: readonly { readonly name: string }[]) => queues.map(({ name }) => name);

describe('QueueBeliefs', () => {
  it('asks everything at first, then only what has more', () => {
    const beliefs = new QueueBeliefs(types(3), HALF);
    beliefs.sweep(0);
    expect(names(beliefs.toAsk(0, false))).toEqual(['q0', 'q1', 'q2']);
    beliefs.learn('q0', 'empty', 0);
    beliefs.learn('q1', 'more', 0);
    beliefs.learn('q2', 'broken', 0);
    expect(names(beliefs.toAsk(1, false))).toEqual(['q1']);
  });

  it('asks a blocked queue again when it is woken, and all of them at each sweep', () => {
    const beliefs = new QueueBeliefs(types(2), HALF);
    beliefs.sweep(0);
    beliefs.learn('q0', 'empty', 0);
    beliefs.learn('q1', 'paused', 0);
    expect(beliefs.canAsk(0, false)).toBe(false);
    beliefs.believe('q1');
    expect(names(beliefs.toAsk(0, false))).toEqual(['q1']);
    expect(beliefs.sweepAtMs).toBe(3_000);
    beliefs.sweep(3_000);
    expect(names(beliefs.toAsk(3_000, false))).toEqual(['q1', 'q0']);
  });

  it('names at most 100 queues in a call, each in its turn', () => {
    const beliefs = new QueueBeliefs(types(250), HALF);
    beliefs.sweep(0);
    const asked = [1, 2, 3].flatMap(() => names(beliefs.toAsk(0, false)));
    expect(asked).toHaveLength(300);
    expect(new Set(asked).size).toBe(250);
  });

  it('waits at a limit for 20 to 40 ms, whoever wakes it', () => {
    const beliefs = new QueueBeliefs(types(1), HALF);
    beliefs.learn('q0', 'at-limit', 100);
    beliefs.believe('q0');
    expect(beliefs.canAsk(129, false)).toBe(false);
    expect(beliefs.askableAtMs()).toBe(130);
    expect(beliefs.canAsk(130, false)).toBe(true);
  });

  it('asks nothing ahead of a type with a limit, be it declared or found in Redis', () => {
    const beliefs = new QueueBeliefs([{ name: 'declared', priority: 1, limit: 1 }, ...types(1)], HALF);
    beliefs.sweep(0);
    expect(names(beliefs.toAsk(0, true))).toEqual(['q0']);
    beliefs.learn('q0', 'limited', 0);
    beliefs.learn('declared', 'more', 0);
    expect(names(beliefs.toAsk(0, true))).toEqual(['declared']);
  });

  it('hands each blocked queue over to be watched once, unless it has work by then', () => {
    const beliefs = new QueueBeliefs(types(4), HALF);
    beliefs.learn('q0', 'empty', 0);
    beliefs.learn('q1', 'at-limit', 0);
    beliefs.learn('q2', 'broken', 0);
    beliefs.learn('q3', 'empty', 0);
    beliefs.learn('q3', 'more', 0);
    const blocked = [
      { name: 'q0', by: 'empty' },
      { name: 'q1', by: 'at-limit' },
    ];
    expect(beliefs.takeUnwatched()).toEqual(blocked);
    expect(beliefs.takeUnwatched()).toEqual([]);
  });

  it('sweeps at least once a second where Redis tells of nothing', () => {
    const beliefs = new QueueBeliefs(types(1), () => 0.999);
    beliefs.sweep(0);
    beliefs.sweepOften(true, 0);
    expect(beliefs.sweepAtMs).toBeLessThanOrEqual(1_000);
    beliefs.sweep(1_000);
    expect(beliefs.sweepAtMs).toBeLessThanOrEqual(2_000);
  });
});

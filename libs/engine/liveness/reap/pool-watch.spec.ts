import { PoolWatch } from './pool-watch.js';

/** Looks `times` times; living pools beat before each look, as pools that beat often would. */
function lookTimes(
  watch: PoolWatch,
  times: number,
  ownId: string,
  members: string[],
  living: string[],
  ours: string[],
) {
  for (let look = 0; look < times; look += 1) {
    beats += 1;
    const beatOf = (poolId: string) => (living.includes(poolId) ? String(beats) : 'stopped');
    const see = (poolIds: readonly string[]) => watch.record(new Map(poolIds.map((id) => [id, beatOf(id)])));
    see(watch.watched);
    see(watch.choose(ownId, { members, ours: new Set(ours) }));
  }
}
let beats = 0;

describe('PoolWatch', () => {
  const ours = ['a', 'b', 'c', 'd', 'e'];

  it('looks at all others until it knows who lives, then only at the next two of ours that do', () => {
    const watch = new PoolWatch();
    lookTimes(watch, 1, 'b', ours, ours, ours);
    expect(watch.watched).toEqual(['c', 'd', 'e', 'a']);
    lookTimes(watch, 2, 'b', ours, ours, ours);
    expect(watch.watched).toEqual(['c', 'd']);
    expect(watch.size).toBe(2);
  });

  it('goes round the end of the ring', () => {
    const watch = new PoolWatch();
    lookTimes(watch, 3, 'd', ours, ours, ours);
    expect(watch.watched).toEqual(['e', 'a']);
  });

  it("looks at Go's pools and passes them, since they do not watch", () => {
    const watch = new PoolWatch();
    lookTimes(watch, 3, 'a', ours, ours, ['a', 'd', 'e']);
    expect(watch.watched).toEqual(['b', 'c', 'd', 'e']);
  });

  it('looks past those whose beat stopped, so that the dead are always watched by the living before them', () => {
    const watch = new PoolWatch();
    lookTimes(watch, 4, 'a', ours, ['a', 'c', 'e'], ours);
    expect(watch.watched).toEqual(['b', 'c', 'd', 'e']);
  });

  it('calls a pool dead when five looks in a row found its beat unchanged, and not before', () => {
    const watch = new PoolWatch();
    lookTimes(watch, 1, 'a', ['a', 'b'], [], ours);
    lookTimes(watch, 4, 'a', ['a', 'b'], [], ours);
    expect(watch.dead()).toEqual([]);
    lookTimes(watch, 1, 'a', ['a', 'b'], [], ours);
    expect(watch.dead()).toEqual([{ poolId: 'b', heartbeatAt: 'stopped' }]);
  });

  it('counts from the start when a beat changes, also to an earlier time', () => {
    const watch = new PoolWatch();
    lookTimes(watch, 5, 'a', ['a', 'b'], [], ours);
    watch.record(new Map([['b', '1']]));
    for (let look = 0; look < 4; look += 1) watch.record(new Map([['b', '1']]));
    expect(watch.dead()).toEqual([]);
  });

  it('takes a pool without a heartbeat for one whose beat does not change', () => {
    const watch = new PoolWatch();
    watch.choose('a', { members: ['a', 'b'], ours: new Set() });
    for (let look = 0; look < 6; look += 1) watch.record(new Map([['b', '']]));
    expect(watch.dead()).toEqual([{ poolId: 'b', heartbeatAt: '' }]);
  });

  it('remembers nobody who has left, however many come and go', () => {
    const watch = new PoolWatch();
    for (let i = 0; i < 1000; i += 1) lookTimes(watch, 2, 'a', ['a', `b${i}`], [], ['a']);
    expect(watch.size).toBe(1);
  });

  it('agrees with the pools of a fleet that each dead one has a living one watching it', () => {
    const fleet = Array.from({ length: 30 }, (_, i) => `pool${String(i).padStart(2, '0')}`);
    const living = fleet.filter((_, i) => i % 7 === 0);
    const watched = new Set<string>();
    for (const ownId of living) {
      const watch = new PoolWatch();
      lookTimes(watch, 4, ownId, fleet, living, fleet);
      for (const poolId of watch.watched) watched.add(poolId);
    }
    expect(fleet.filter((poolId) => !living.includes(poolId) && !watched.has(poolId))).toEqual([]);
  });
});

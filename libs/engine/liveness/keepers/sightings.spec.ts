import { ManualClock } from '../../../../test/support/manual-clock.js';
import { Sightings } from './sightings.js';

describe('Sightings', () => {
  let clock: ManualClock;
  let sightings: Sightings<string>;
  beforeEach(() => {
    clock = new ManualClock();
    sightings = new Sightings(() => clock.monotonicMs());
  });

  it('gives out what was seen 30 s ago, once', () => {
    sightings.see('k', 'what');
    clock.pass(29_999);
    expect(sightings.takeDue()).toEqual([]);
    clock.pass(1);
    expect(sightings.takeDue()).toEqual(['what']);
    expect(sightings.takeDue()).toEqual([]);
  });

  it('keeps the first time of what is seen again, and begins anew where it is not the same', () => {
    sightings.see('same', 'same', 'mark');
    sightings.see('other', 'other', 'mark');
    clock.pass(20_000);
    sightings.see('same', 'same', 'mark');
    sightings.see('other', 'other', 'changed');
    clock.pass(10_000);
    expect(sightings.takeDue()).toEqual(['same']);
  });

  it('forgets what is not seen any more', () => {
    sightings.see('a', 'a');
    sightings.see('b', 'b');
    sightings.keepOnly(new Set(['b']));
    clock.pass(30_000);
    expect(sightings.takeDue()).toEqual(['b']);
  });

  it('does not grow beyond its bound', () => {
    for (let i = 0; i < 5_000; i += 1) sightings.see(String(i), 'x');
    expect(sightings.size).toBe(1_000);
  });
});

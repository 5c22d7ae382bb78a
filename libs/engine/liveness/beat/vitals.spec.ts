import { ManualClock } from '../../../../test/support/manual-clock.js';
import { Vitals } from './vitals.js';

describe('Vitals', () => {
  let clock: ManualClock;
  let vitals: Vitals;
  beforeEach(() => {
    clock = new ManualClock();
    vitals = new Vitals(() => clock.monotonicMs());
  });

  it('counts a beat from when it was sent', () => {
    expect(vitals.beatAgeMs()).toBe(Infinity);
    const sentAtMs = clock.monotonicMs();
    clock.pass(300);
    vitals.beatAccepted(sentAtMs);
    clock.pass(700);
    expect(vitals.beatAgeMs()).toBe(1_000);
    vitals.forgetBeat();
    expect(vitals.beatAgeMs()).toBe(Infinity);
  });

  it('shows both sides of the shared memory the same', () => {
    const otherSide = new Vitals(() => clock.monotonicMs(), vitals.shared);
    vitals.loopTurned();
    otherSide.beatAccepted(clock.monotonicMs());
    clock.pass(50);
    expect(otherSide.loopAgeMs()).toBe(50);
    expect(vitals.beatAgeMs()).toBe(50);
  });
});

import { RedisClock } from './clock.js';

describe('RedisClock', () => {
  it("is the process's own until it is told Redis' time, which it then carries on", () => {
    let monotonicMs = 100;
    const clock = new RedisClock({ nowMs: () => 7, monotonicMs: () => monotonicMs });
    expect(clock.nowMs()).toBe(7);
    clock.sample(5_000);
    monotonicMs += 30;
    expect(clock.nowMs()).toBe(5_030);
  });

  it('takes what is no number for no reading', () => {
    const clock = new RedisClock({ nowMs: () => 7, monotonicMs: () => 100 });
    clock.sample(5_000);
    clock.sample(Number.NaN);
    expect(clock.nowMs()).toBe(5_000);
  });
});

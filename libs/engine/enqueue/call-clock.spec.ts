import { CallClock } from './call-clock.js';

it('knows what time it was when a caller called', () => {
  const clock = new CallClock({ nowMs: () => 10_000, monotonicMs: () => 500 });
  expect(clock.wallTimeAt(200)).toBe(9_700);
});

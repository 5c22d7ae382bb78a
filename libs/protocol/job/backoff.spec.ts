import { defaultBackoff } from './backoff.js';

describe('defaultBackoff', () => {
  it.each([
    [1, 16, 74],
    [2, 31, 118],
    [3, 96, 212],
    [4, 271, 416],
  ])('waits after %d fails %d to %d seconds, as gocraft does', (fails, shortest, longest) => {
    expect(defaultBackoff(fails, () => 0)).toBe(shortest);
    expect(defaultBackoff(fails, () => 0.999_999)).toBe(longest);
  });

  it('takes each of thirty steps', () => {
    const waits = Array.from({ length: 30 }, (_, step) => defaultBackoff(1, () => (step + 0.5) / 30));
    expect(waits).toEqual(Array.from({ length: 30 }, (_, step) => 16 + 2 * step));
  });

  it('stays an integer that Go can read, however often a job failed', () => {
    expect(defaultBackoff(1_000_000, () => 0)).toBe(316_224_000);
  });
});

import { TimeLimit } from './time-limit.js';

const never = new Promise<void>(() => {});

describe('TimeLimit', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it('is shared by all waits since it began', async () => {
    const limit = new TimeLimit(100).begin();
    await jest.advanceTimersByTimeAsync(60);
    const ends: string[] = [];
    void limit.within(never).then(() => ends.push('one'));
    void limit.within(never).then(() => ends.push('other'));
    await jest.advanceTimersByTimeAsync(39);
    expect(ends).toEqual([]);
    await jest.advanceTimersByTimeAsync(1);
    expect(ends).toEqual(['one', 'other']);
  });

  it('waits no longer than the task, however that ends', async () => {
    const limit = new TimeLimit(100).begin();
    await limit.within(Promise.resolve());
    await limit.within(Promise.reject(new Error('failed')));
    limit.end();
    expect(jest.getTimerCount()).toBe(0);
  });

  it('runs anew where it is begun again', async () => {
    const limit = new TimeLimit(100).begin();
    await jest.advanceTimersByTimeAsync(100);
    let isOver = false;
    void limit
      .begin()
      .within(never)
      .then(() => (isOver = true));
    await jest.advanceTimersByTimeAsync(99);
    expect(isOver).toBe(false);
    await jest.advanceTimersByTimeAsync(1);
    expect(isOver).toBe(true);
  });

  it('is over before it begins', async () => {
    await new TimeLimit(100).within(never);
  });
});

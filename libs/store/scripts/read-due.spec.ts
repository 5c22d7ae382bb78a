import { describeRedis, testRedis, type TestRedis } from '../../../test/support/index.js';
import { readDue } from './read-due.js';

describeRedis('readDue', () => {
  let test: TestRedis;
  beforeEach(() => void (test = testRedis()));
  afterEach(() => test.close());

  const fill = (count: number, size = 10) =>
    test.redis.zadd(
      test.keyspace.retry,
      ...Array.from({ length: count }, (_, index) => [index, `${index}`.padEnd(size, '.')]).flat(),
    );
  const read = (now: number, jobs: number, bytes = 1_000_000) =>
    readDue(test.redis, test.keyspace.retry, now, { jobs, bytes });

  it('gives nothing of an empty set', async () => {
    expect(await read(100, 10)).toEqual({ due: [], next: undefined });
  });

  it('gives what is due, and when the next one is', async () => {
    await fill(200);
    const { due, next } = await read(120, 500);
    expect(due.map(({ score }) => score)).toEqual(Array.from({ length: 121 }, (_, index) => index));
    expect(String(due[120]?.bytes)).toBe('120.......');
    expect(next).toBe(121);
  });

  it.each([1, 49, 50, 51, 100, 130])('gives at most %d jobs, and the score behind them', async (jobs) => {
    await fill(200);
    const { due, next } = await read(1_000, jobs);
    expect(due).toHaveLength(jobs);
    expect(next).toBe(jobs);
  });

  it('stops behind the page that passes the limit of bytes', async () => {
    await fill(200, 1_000);
    const { due, next } = await read(1_000, 500, 60_000);
    expect(due).toHaveLength(100);
    expect(next).toBe(100);
  });

  it('knows no next one where all were given', async () => {
    await fill(50);
    expect((await read(1_000, 50)).next).toBeUndefined();
    expect((await read(1_000, 51)).next).toBeUndefined();
  });
});

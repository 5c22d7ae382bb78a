import { attemptRecord, type FailedAttempt } from './attempt-record.js';

const place = { jobId: 'job1', attempt: 2, at: 1_700_000_000, poolId: 'pool1' };
const lineOf = (thrown: unknown) => JSON.parse(attemptRecord(place, thrown).line) as FailedAttempt;

describe('the record of a failed attempt', () => {
  it('has name, message and stack of the error, and those of what caused it', () => {
    const { error, ...rest } = lineOf(new TypeError('fetch failed', { cause: new Error('connect ECONNREFUSED') }));
    expect(rest).toEqual({ attempt: 2, at: 1_700_000_000, poolId: 'pool1' });
    expect(error).toMatchObject({ name: 'TypeError', message: 'fetch failed' });
    expect(error.stack).toMatch(/^TypeError: fetch failed\n\s+at [^]*\ncaused by Error: connect ECONNREFUSED\n\s+at /);
  });

  it('ends where causes form a circle', () => {
    const error = new Error('round');
    error.cause = error;
    expect(lineOf(error).error.stack?.match(/caused by/g)).toHaveLength(3);
  });

  it('says what was thrown where it is no error, without a stack', () => {
    expect(lineOf('kapow').error).toEqual({ name: 'string', message: 'kapow' });
    expect(lineOf(undefined).error).toEqual({ name: 'undefined', message: 'undefined' });
  });

  it('holds at most 16 KB of text', () => {
    const { message, stack = '' } = lineOf(new Error('é'.repeat(50_000))).error;
    expect(Buffer.byteLength(message) + Buffer.byteLength(stack)).toBeLessThanOrEqual(16 * 1024);
    expect(message.endsWith('…')).toBe(true);
  });

  it('names the machine where it is known', () => {
    const { line } = attemptRecord({ ...place, host: 'box' }, new Error('boom'));
    expect((JSON.parse(line) as FailedAttempt).host).toBe('box');
  });
});

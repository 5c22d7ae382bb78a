import { InvalidArgumentsError } from '#protocol';
import { UnrecoverableError, type JobOutcome } from '#engine';
import { outcomeLine } from './outcome-line.js';

const error = new Error('boom');
const failure = { error, text: 'boom', fails: 2, at: 1_000 };

const lineOf = (outcome: JobOutcome, jobId = 'abc') =>
  outcomeLine({
    type: 'job_finished',
    job: 'mail',
    jobId,
    attempt: 2,
    maxFails: 5,
    poolId: 'pool',
    enqueuedAt: 0,
    durationMs: 1,
    outcome,
  });

const afterError = (thrown: unknown, text: string) =>
  lineOf({ kind: 'retry', runAt: 1_018, failure: { ...failure, error: thrown, text } })?.message;

describe('The line of a job that ended', () => {
  it.each<[JobOutcome, string, string]>([
    [
      { kind: 'retry', runAt: 1_018, failure },
      'warn',
      'Job mail abc failed in attempt 2 of 5 and runs again in 18 s: boom',
    ],
    [{ kind: 'dead', failure }, 'error', 'Job mail abc failed in attempt 2 of 5 and went to the dead set: boom'],
    [{ kind: 'discarded', failure }, 'error', 'Job mail abc failed in attempt 2 of 5 and was dropped: boom'],
    [{ kind: 'cancelled', reason: 'gone' }, 'log', 'Job mail abc cancelled itself: gone'],
    [
      { kind: 'interrupted' },
      'warn',
      'Job mail abc was interrupted and goes back to its queue, with no attempt spent.',
    ],
  ])('%j', (outcome, level, message) => {
    expect(lineOf(outcome)).toMatchObject({ level, message });
  });

  it('leaves out an id that another producer did not give', () => {
    expect(lineOf({ kind: 'cancelled', reason: 'gone' }, '')?.message).toBe('Job mail cancelled itself: gone');
  });

  it('is not written for what happens all the time', () => {
    expect(lineOf({ kind: 'succeeded' })).toBeUndefined();
    expect(lineOf({ kind: 'snoozed', runAt: 5 })).toBeUndefined();
  });

  it('has the stack apart, with those of what caused the error', () => {
    const wrapped = new Error('fetch failed', { cause: error });
    const { stack } = lineOf({ kind: 'dead', failure: { ...failure, error: wrapped } })!;
    expect(stack).toMatch(/^Error: fetch failed\n +at [^]*\ncaused by Error: boom\n +at /);
    expect(lineOf({ kind: 'dead', failure: { ...failure, error: 'no error' } })!.stack).toBeUndefined();
  });

  it('has no stack where arguments were refused: that says where this package is, and nothing of the job', () => {
    const refused = new InvalidArgumentsError('mail', [{ path: 'args.to', reason: 'must be an email' }]);
    for (const thrown of [refused, new UnrecoverableError(refused.message, { cause: refused })]) {
      expect(lineOf({ kind: 'dead', failure: { ...failure, error: thrown } })!.stack).toBeUndefined();
    }
  });

  it('is one line that says why, however the error says it', () => {
    expect(afterError(error, 'fetch failed (caused by connect\n ECONNREFUSED)')).toMatch(
      /: fetch failed \(caused by connect ECONNREFUSED\)$/,
    );
    expect(afterError(error, '\nInvalid invocation:\n\n  no such row\n')).toMatch(/: Invalid invocation: no such row$/);
    expect(afterError(new Error(''), '')).toMatch(/: an error without a message$/);
    expect(afterError('just text', 'just text')).toMatch(/: just text$/);
    expect(afterError(undefined, 'undefined')).toMatch(/: undefined$/);
  });

  it.each([
    [-3, 'at once'],
    [0, 'at once'],
    [119, 'in 119 s'],
    [120, 'in 2 min'],
    [7_199, 'in 120 min'],
    [7_200, 'in 2 h'],
    [200_000, 'in 2 d'],
  ])('tells %d seconds as %s', (seconds, told) => {
    const line = lineOf({ kind: 'retry', runAt: failure.at + seconds, failure });
    expect(line?.message).toContain(`runs again ${told}:`);
  });
});

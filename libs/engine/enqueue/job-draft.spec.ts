import { InvalidRunAtError } from './enqueue-errors.js';
import { finishDraft, runAtSeconds } from './job-draft.js';

describe('the second a job is scheduled for', () => {
  it.each([
    [{ inSeconds: 1 }, 1_000_000, 1_001],
    [{ inSeconds: 1 }, 1_000_001, 1_002],
    [{ inSeconds: 0.5 }, 1_000_500, 1_001],
    [{ inSeconds: 0 }, 1_000_900, 1_000],
    [{ inSeconds: -5 }, 1_000_900, 995],
    [{ atMs: 1_002_001 }, 1_000_000, 1_003],
    [{ atMs: 999_999 }, 1_000_000, 999],
  ])('of %j, called at %d ms, is %d', (runTime, calledAtMs, seconds) => {
    expect(runAtSeconds('mail', runTime, calledAtMs)).toBe(seconds);
  });

  it('must be one that a date can say', () => {
    expect(() => runAtSeconds('mail', { inSeconds: 1e15 }, 0)).toThrow(InvalidRunAtError);
  });
});

it('a finished draft has the time of the call, cut to the second', () => {
  const { write, job } = finishDraft({ id: 'i', name: 'mail', argsJson: '{"a":1}' }, 1_000_999, {});
  expect(String(write.bytes)).toBe('{"name":"mail","id":"i","t":1000,"args":{"a":1}}');
  expect(job).toEqual({ id: 'i', name: 'mail', enqueuedAt: new Date(1_000_000) });
});

import { decodeJob, type Backoff } from '#protocol';
import { jobBytes, type TestDocument } from '../../../../test/support/held-job.js';
import { outcomeOfFailure, type FailedRun, type JobOutcome } from './job-outcome.js';
import { CancelError, SnoozeError } from './job-signals.js';
import { JobTypeRegistry, type JobTypeOptions } from '../job-types.js';
import { UnrecoverableError } from './unrecoverable-error.js';

const NOW_MS = 1_795_485_848_900;
const NOW = 1_795_485_848;

function outcome(
  error: unknown,
  options: JobTypeOptions = {},
  fields: TestDocument = {},
  more: Partial<FailedRun> = {},
) {
  const type = new JobTypeRegistry().register('sync', options, () => undefined);
  const document = decodeJob(jobBytes(fields));
  const onBadBackoff = (problem: unknown) => {
    throw new Error(`Nobody expected a bad backoff: ${String(problem)}`);
  };
  return outcomeOfFailure({ error, document, type, nowMs: NOW_MS, random: () => 0, onBadBackoff, ...more });
}

const failureOf = (ended: JobOutcome) => ('failure' in ended ? ended.failure : undefined);

describe('the outcome of a failed run', () => {
  it('retries after the default backoff, counting the failure, with whole seconds', () => {
    const error = new Error('boom');
    expect(outcome(error)).toEqual({
      kind: 'retry',
      runAt: NOW + 16, // 1⁴ + 15 + 0 · 2
      failure: { error, text: 'boom', fails: 1, at: NOW },
    });
    expect(outcome(error, {}, { fails: 2 })).toMatchObject({ kind: 'retry', runAt: NOW + 96, failure: { fails: 3 } });
  });

  it('says with the failure what caused it, since that is what is stored', () => {
    const error = new Error('fetch failed', { cause: new Error('ECONNREFUSED ::1:9') });
    expect(failureOf(outcome(error))?.text).toBe('fetch failed (caused by ECONNREFUSED ::1:9)');
  });

  it('draws the chance in the default backoff from the random source given', () => {
    expect(outcome(new Error('boom'), {}, {}, { random: () => 0.999 })).toMatchObject({ runAt: NOW + 74 });
  });

  it('goes to dead when the last of its runs failed, and not before', () => {
    expect(outcome(new Error('boom'), { maxFails: 3 }, { fails: 1 }).kind).toBe('retry');
    expect(outcome(new Error('boom'), { maxFails: 3 }, { fails: 2 }).kind).toBe('dead');
    expect(outcome(new Error('boom'), { maxFails: 1 }).kind).toBe('dead');
  });

  it('goes to dead where it has failed more often already than this pool allows', () => {
    expect(outcome(new Error('boom'), { maxFails: 2 }, { fails: 9 })).toMatchObject({
      kind: 'dead',
      failure: { fails: 10 },
    });
  });

  it('is discarded after the last run where the type has skipDead', () => {
    expect(outcome(new Error('boom'), { maxFails: 1, skipDead: true }).kind).toBe('discarded');
    expect(outcome(new Error('boom'), { maxFails: 2, skipDead: true }).kind).toBe('retry');
  });

  it('goes to dead at once for an UnrecoverableError and for each of its subclasses', () => {
    class NoSuchCustomerError extends UnrecoverableError {}
    for (const error of [new UnrecoverableError('no'), new NoSuchCustomerError('no')])
      expect(outcome(error)).toMatchObject({ kind: 'dead', failure: { fails: 1, text: 'no' } });
    expect(outcome(new UnrecoverableError('no'), { skipDead: true }).kind).toBe('discarded');
  });

  it('waits without an attempt spent where the handler asks for it, never shorter than asked', () => {
    expect(outcome(new SnoozeError('5m'))).toEqual({ kind: 'snoozed', runAt: NOW + 301 });
    expect(outcome(new SnoozeError(0.05))).toEqual({ kind: 'snoozed', runAt: NOW + 1 });
  });

  it('is cancelled where the handler says so', () => {
    expect(outcome(new CancelError('the order was withdrawn'))).toEqual({
      kind: 'cancelled',
      reason: 'the order was withdrawn',
    });
  });

  it('is an ordinary failure where what was thrown cannot even be looked at', () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    expect(outcome(proxy)).toMatchObject({
      kind: 'retry',
      failure: { fails: 1, text: 'an error that cannot be read' },
    });
  });

  it('cuts an error text at 16 KB', () => {
    const text = failureOf(outcome(new Error('é'.repeat(20_000))))?.text ?? '';
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(16 * 1024);
    expect(text.endsWith('é…')).toBe(true);
  });

  it("asks the type's own backoff, telling it of this failure, and rounds up to whole seconds", () => {
    const backoff = jest.fn<number, Parameters<Backoff>>(() => 2.1);
    expect(outcome(new Error('boom'), { backoff }, { fails: 1, args: { a: 1 } })).toMatchObject({ runAt: NOW + 3 });
    expect(backoff.mock.calls[0]?.[0]).toMatchObject({
      name: 'sync',
      fails: 2,
      err: 'boom',
      failedAt: NOW,
      args: { a: 1 },
    });
  });

  it('takes a negative backoff as due at once', () => {
    expect(outcome(new Error('boom'), { backoff: () => -5 })).toMatchObject({ kind: 'retry', runAt: NOW - 5 });
  });

  it.each<[string, () => unknown]>([
    ['NaN', () => Number.NaN],
    ['no number', () => '30'],
    ['a promise', () => Promise.resolve(30)],
    ['more than ten years', () => 1e12],
    ['infinity', () => Number.POSITIVE_INFINITY],
    [
      'an exception',
      () => {
        throw new Error('broken');
      },
    ],
  ])('falls back to the default where its own backoff gives %s, and says so', (_, backoff) => {
    const onBadBackoff = jest.fn();
    const ended = outcome(new Error('boom'), { backoff: backoff as Backoff }, {}, { onBadBackoff });
    expect(ended).toMatchObject({ kind: 'retry', runAt: NOW + 16 });
    expect(onBadBackoff).toHaveBeenCalledTimes(1);
  });
});

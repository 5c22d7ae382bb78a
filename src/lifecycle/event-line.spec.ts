import type { JobOutcome, WorkEvent } from '#engine';
import { eventLine } from './event-line.js';

const finished = (outcome: JobOutcome): WorkEvent => ({
  type: 'job_finished',
  job: 'mail',
  jobId: 'abc',
  attempt: 2,
  poolId: 'pool',
  enqueuedAt: 0,
  durationMs: 1,
  outcome,
});

describe('The line of an event', () => {
  const error = new Error('boom');
  const failure = { error, text: 'boom', fails: 2, at: 1_000 };

  it.each<[WorkEvent, string, RegExp]>([
    [{ type: 'redis_lost', target: 'redis:6379', error }, 'warn', /Redis at redis:6379 is lost \(boom\)/],
    [{ type: 'redis_lost', target: 'redis:6379', error: undefined }, 'warn', /redis:6379 is lost:/],
    [{ type: 'redis_back', target: 'redis:6379', downMs: 1_234 }, 'log', /back after 1\.2 s/],
    [{ type: 'pool_fenced', poolId: 'old', newPoolId: 'new' }, 'warn', /pool old .* goes on as new/],
    [{ type: 'role_failed', role: 'Requeuer', error }, 'error', /Requeuer failed: boom/],
    [{ type: 'warning', code: 'WORK_X', message: 'look' }, 'warn', /^look$/],
    [
      finished({ kind: 'retry', runAt: 1_018, failure }),
      'warn',
      /mail abc failed in attempt 2 and runs again in 18 s:\nError: boom/,
    ],
    [finished({ kind: 'dead', failure }), 'error', /attempt 2 and went to the dead set: boom/],
    [finished({ kind: 'discarded', failure }), 'error', /was dropped: boom/],
    [finished({ kind: 'cancelled', reason: 'gone' }), 'log', /cancelled itself: gone/],
    [finished({ kind: 'interrupted' }), 'warn', /no attempt spent/],
  ])('%j', (event, level, message) => {
    const line = eventLine(event);
    expect(line?.level).toBe(level);
    expect(line?.message).toMatch(message);
  });

  it('has the stack of an error that ends a job, apart from its text', () => {
    expect(eventLine(finished({ kind: 'dead', failure }))?.stack).toBe(error.stack);
  });

  it('is the text alone where something else was thrown', () => {
    const thrown = { error: 'just text', text: 'just text', fails: 1, at: 0 };
    expect(eventLine(finished({ kind: 'retry', runAt: 5, failure: thrown }))?.message).toMatch(/in 5 s: just text$/);
  });

  it('is not written for what happens all the time', () => {
    expect(eventLine(finished({ kind: 'succeeded' }))).toBeUndefined();
    expect(eventLine({ type: 'jobs_enqueued', jobName: 'mail', written: 1, duplicates: 0 })).toBeUndefined();
  });
});

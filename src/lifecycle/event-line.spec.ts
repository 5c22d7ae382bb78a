import type { WorkEvent } from '#engine';
import { eventLine } from './event-line.js';

describe('The line of an event', () => {
  const error = new Error('boom');
  const noTrouble = { finished: 1, interrupted: 1, abandoned: 0, unsettled: 0 };

  it.each<[WorkEvent, string, RegExp]>([
    [{ type: 'redis_lost', target: 'redis:6379', error }, 'warn', /Redis at redis:6379 is lost \(boom\)/],
    [{ type: 'redis_lost', target: 'redis:6379', error: undefined }, 'warn', /redis:6379 is lost:/],
    [{ type: 'redis_back', target: 'redis:6379', downMs: 1_234 }, 'log', /back after 1\.2 s/],
    [
      { type: 'pool_fenced', poolId: 'old', newPoolId: 'new' },
      'warn',
      /^Redis no longer knows worker pool old: it was taken for dead .*, or Redis has lost its data\. It goes on as new\.$/,
    ],
    [
      { type: 'job_lost', job: 'mail', jobId: 'a', poolId: 'p' },
      'warn',
      /^Job mail a ran here and is no longer worker pool p's: .* done twice, or Redis has lost its data\.$/,
    ],
    [{ type: 'pool_stopped', poolId: 'p', ...noTrouble }, 'log', /^Worker pool p stopped\.$/],
    [{ type: 'pool_stopped', poolId: 'p', ...noTrouble, abandoned: 2 }, 'warn', /stopped\. 2 of its handlers went on/],
    [{ type: 'pool_stopped', poolId: 'p', ...noTrouble, unsettled: 3 }, 'warn', /not confirmed the end of 3 of its/],
    [{ type: 'role_failed', role: 'Requeuer', error }, 'error', /Requeuer failed: boom/],
    [
      { type: 'unknown_jobs_retried', retried: 2, jobNames: ['a', 'b'] },
      'warn',
      /^Jobs .* not knowing a, b, run again: 2\./,
    ],
    [
      { type: 'unknown_jobs_found', found: 2, jobNames: ['a', 'b'] },
      'warn',
      /^Jobs .* not knowing a, b, are there still: 2\. Set retry/,
    ],
    [
      { type: 'limit_restored', jobName: 'mail', maxConcurrency: 2 },
      'warn',
      /^The maxConcurrency of mail was lifted, .*: it is 2 again\. Declare MaxConcurrency 2 in Go/,
    ],
    [
      { type: 'limit_overridden', jobName: 'mail', maxConcurrency: 5, ours: 2 },
      'warn',
      /^The maxConcurrency of mail is 5, and not 2 as pools of ours set it: .* the same on both sides\.$/,
    ],
    [{ type: 'warning', code: 'WORK_X', message: 'look' }, 'warn', /^look$/],
  ])('%j', (event, level, message) => {
    const line = eventLine(event);
    expect(line?.level).toBe(level);
    expect(line?.message).toMatch(message);
  });

  it('has the stack of the error that it tells', () => {
    expect(eventLine({ type: 'role_failed', role: 'Requeuer', error })?.stack).toMatch(/^Error: boom\n +at /);
    expect(eventLine({ type: 'role_failed', role: 'Requeuer', error: 'text' })?.stack).toBeUndefined();
  });

  it('is not written for what happens all the time', () => {
    expect(eventLine({ type: 'jobs_enqueued', jobName: 'mail', written: 1, duplicates: 0 })).toBeUndefined();
  });
});

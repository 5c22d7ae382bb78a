import { errorStack, errorText, type WorkEvent } from '#engine';
import { jobLabel, type LogLine } from './log-line.js';
import { outcomeLine } from './outcome-line.js';

type Of<T extends WorkEvent['type']> = Extract<WorkEvent, { type: T }>;
type Describers = { readonly [T in WorkEvent['type']]?: (event: Of<T>) => LogLine | undefined };

const log = (message: string): LogLine => ({ level: 'log', message });
const warn = (message: string): LogLine => ({ level: 'warn', message });
const error = (message: string, thrown?: unknown): LogLine => ({
  level: 'error',
  message,
  stack: errorStack(thrown) || undefined,
});

/** What is not here is not worth a line: what starts and succeeds may do so a hundred thousand times a second. */
const DESCRIBERS: Describers = {
  redis_lost: ({ target, error: cause }) =>
    warn(`Redis at ${target} is lost${cause ? ` (${cause.message})` : ''}: jobs and enqueues wait until it is back.`),
  redis_back: ({ target, downMs }) => log(`Redis at ${target} is back after ${seconds(downMs)}.`),
  pool_started: ({ poolId }) => log(`Worker pool ${poolId} started.`),
  pool_stopped: stopLine,
  pool_fenced: ({ poolId, newPoolId }) =>
    warn(
      `Redis no longer knows worker pool ${poolId}: it was taken for dead and its jobs run elsewhere, or Redis has lost its data. ` +
        `It goes on as ${newPoolId}.`,
    ),
  role_failed: ({ role, error: thrown }) => error(`${role} failed: ${errorText(thrown)}`, thrown),
  warning: ({ message }) => warn(message),
  beat_refused: ({ poolId, error: thrown }) =>
    error(
      `Redis refuses the heartbeat of worker pool ${poolId}, whose jobs other pools will take over: ${errorText(thrown)}`,
    ),
  beat_accepted_again: ({ poolId }) => log(`Redis accepts the heartbeat of worker pool ${poolId} again.`),
  pool_reaped: ({ poolId, recovered, poisoned }) =>
    warn(`Worker pool ${poolId} is dead: ${recovered} of its jobs run again, ${poisoned} were given up.`),
  job_poisoned: ({ job, jobId }) =>
    error(`${jobLabel(job, jobId)} was running when its process died, for the third time. It went to the dead set.`),
  job_quarantined: ({ queue, reason }) =>
    error(`An entry of queue ${queue} was set aside in the quarantine: ${reason}.`),
  job_lost: ({ job, jobId, poolId }) =>
    warn(
      `${jobLabel(job, jobId)} ran here and is no longer worker pool ${poolId}'s: it runs again elsewhere, so that what it does may ` +
        'be done twice, or Redis has lost its data.',
    ),
  job_stray: ({ job, jobId, queue }) =>
    warn(`${jobLabel(job, jobId)} stood in queue ${queue}; it was sent to the queue of its name.`),
  unknown_jobs_retried: ({ retried, jobNames }) =>
    warn(
      `Jobs that a pool of gocraft/work sent to the dead set, not knowing ${jobNames.join(', ')}, run again: ${retried}. ` +
        'Register every job type on every Go pool, or use a namespace for each set of types.',
    ),
  unknown_jobs_found: ({ found, jobNames }) =>
    warn(
      `Jobs that a pool of gocraft/work sent to the dead set, not knowing ${jobNames.join(', ')}, are there still: ${found}. Set ` +
        'retryUnknownJobs: true to bring such jobs back as they come, or call WorkClient.retryUnknownJobs() once.',
    ),
  limit_restored: ({ jobName, maxConcurrency }) =>
    warn(
      `The maxConcurrency of ${jobName} was lifted, as each start of a gocraft/work pool does that declares none: it is ` +
        `${maxConcurrency} again. Declare MaxConcurrency ${maxConcurrency} in Go, too.`,
    ),
  limit_overridden: ({ jobName, maxConcurrency, ours }) =>
    warn(
      `The maxConcurrency of ${jobName} is ${maxConcurrency}, and not ${ours} as pools of ours set it: one of gocraft/work, or ` +
        'somebody by hand, has set it since. Declare the same on both sides.',
    ),
  job_finished: outcomeLine,
};

export function eventLine(event: WorkEvent): LogLine | undefined {
  const describe = DESCRIBERS[event.type] as ((event: WorkEvent) => LogLine | undefined) | undefined;
  return describe?.(event);
}

/** A stop after which jobs may run twice is worth a warning. */
function stopLine({ poolId, abandoned, unsettled }: Of<'pool_stopped'>): LogLine {
  const troubles = [
    abandoned > 0 && `${abandoned} of its handlers went on after their signal had aborted, and their jobs run again.`,
    unsettled > 0 && `Redis has not confirmed the end of ${unsettled} of its jobs, which then run again.`,
  ].filter((trouble) => trouble !== false);
  const message = [`Worker pool ${poolId} stopped.`, ...troubles].join(' ');
  return troubles.length > 0 ? warn(message) : log(message);
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

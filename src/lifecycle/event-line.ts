import type { JobOutcome, WorkEvent } from '#engine';

/** One line of the application's log. */
export interface EventLine {
  readonly level: 'log' | 'warn' | 'error';
  readonly message: string;
  readonly stack?: string | undefined;
}

type Of<T extends WorkEvent['type']> = Extract<WorkEvent, { type: T }>;
type Describers = { readonly [T in WorkEvent['type']]?: (event: Of<T>) => EventLine | undefined };

const log = (message: string): EventLine => ({ level: 'log', message });
const warn = (message: string): EventLine => ({ level: 'warn', message });
const error = (message: string, thrown?: unknown): EventLine => ({ level: 'error', message, stack: stackOf(thrown) });

/** What is not here is not worth a line: what starts and succeeds may do so a hundred thousand times a second. */
const DESCRIBERS: Describers = {
  redis_lost: ({ target, error: cause }) =>
    warn(`Redis at ${target} is lost${cause ? ` (${cause.message})` : ''}: jobs and enqueues wait until it is back.`),
  redis_back: ({ target, downMs }) => log(`Redis at ${target} is back after ${seconds(downMs)}.`),
  pool_started: ({ poolId }) => log(`Worker pool ${poolId} started.`),
  pool_stopped: ({ poolId }) => log(`Worker pool ${poolId} stopped.`),
  pool_fenced: ({ poolId, newPoolId }) =>
    warn(`Worker pool ${poolId} was taken for dead and its jobs run elsewhere; it goes on as ${newPoolId}.`),
  role_failed: ({ role, error: thrown }) => error(`${role} failed: ${textOf(thrown)}`, thrown),
  warning: ({ message }) => warn(message),
  beat_refused: ({ poolId, error: thrown }) =>
    error(
      `Redis refuses the heartbeat of worker pool ${poolId}, whose jobs other pools will take over: ${textOf(thrown)}`,
    ),
  beat_accepted_again: ({ poolId }) => log(`Redis accepts the heartbeat of worker pool ${poolId} again.`),
  pool_reaped: ({ poolId, recovered, poisoned }) =>
    warn(`Worker pool ${poolId} is dead: ${recovered} of its jobs run again, ${poisoned} were given up.`),
  job_poisoned: ({ job, jobId }) =>
    error(`Job ${job} ${jobId} was running when its process died, for the third time. It went to the dead set.`),
  job_quarantined: ({ queue, reason }) =>
    error(`An entry of queue ${queue} was set aside in the quarantine: ${reason}.`),
  job_stray: ({ job, jobId, queue }) =>
    warn(`Job ${job} ${jobId} stood in queue ${queue}; it was sent to the queue of its name.`),
  job_finished: ({ job, jobId, attempt, outcome }) => failureLine(`Job ${job} ${jobId}`, attempt, outcome),
};

export function eventLine(event: WorkEvent): EventLine | undefined {
  const describe = DESCRIBERS[event.type] as ((event: WorkEvent) => EventLine | undefined) | undefined;
  return describe?.(event);
}

function failureLine(job: string, attempt: number, outcome: JobOutcome): EventLine | undefined {
  switch (outcome.kind) {
    case 'retry': {
      const { failure, runAt } = outcome;
      const stack = stackOf(failure.error);
      const reason = stack ? `\n${stack}` : ` ${failure.text}`;
      return warn(`${job} failed in attempt ${attempt} and runs again in ${runAt - failure.at} s:${reason}`);
    }
    case 'dead':
      return error(
        `${job} failed in attempt ${attempt} and went to the dead set: ${outcome.failure.text}`,
        outcome.failure.error,
      );
    case 'discarded':
      return error(
        `${job} failed in attempt ${attempt} and was dropped: ${outcome.failure.text}`,
        outcome.failure.error,
      );
    case 'cancelled':
      return log(`${job} cancelled itself: ${outcome.reason}`);
    case 'interrupted':
      return warn(`${job} was interrupted and goes back to its queue, with no attempt spent.`);
    default:
      return undefined;
  }
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

function textOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

function stackOf(thrown: unknown): string | undefined {
  return thrown instanceof Error ? thrown.stack : undefined;
}

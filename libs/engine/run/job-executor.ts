import { decodeJob, UndecodableJobError, type JobDocument, type Keyspace } from '#protocol';
import type { Settlement } from '#store';
import { epochSeconds, type Clock } from '../clock.js';
import type { Report } from '../events.js';
import type { Observer } from './observer/observer.js';
import { Suspects } from './before-start/suspects.js';
import { UniqueClaim } from './before-start/unique-claim.js';
import { errorText } from './outcome/error-text.js';
import type { HeldEntry } from './held-entry.js';
import { INTERRUPTED, outcomeOfFailure, SUCCEEDED, type JobOutcome } from './outcome/job-outcome.js';
import { JobNotStartedError } from './before-start/job-not-started-error.js';
import { JobRun, type JobHandler } from './job-run.js';
import type { JobType, JobTypeRegistry } from './job-types.js';
import { compose, type Middleware } from './middleware.js';
import { settlementOf, SETTLED_SUCCESS } from './outcome/settlement-of.js';

export interface JobExecutorOptions {
  readonly jobTypes: JobTypeRegistry;
  /** The first one is the outermost. */
  readonly middleware: readonly Middleware[];
  readonly uniqueClaim: Pick<UniqueClaim, 'claim'>;
  readonly suspects: Pick<Suspects, 'run'>;
  readonly observer: Pick<Observer, 'started' | 'ended'>;
  readonly keyspace: Keyspace;
  readonly clock: Clock;
  /** At least 0 and less than 1. */
  readonly random: () => number;
  readonly report: Report;
  /** Name of this machine, kept with failed attempts. */
  readonly host?: string;
}

/**
 * The run of one fetched job: decode it, claim what is unique, run middleware and handler, and say what becomes of its
 * entry. Exceptions end here.
 */
export class JobExecutor {
  readonly #handlers = new Map<JobType, JobHandler>();
  readonly #badBackoffs = new Set<string>();

  constructor(private readonly options: JobExecutorOptions) {}

  /** Never rejects, and does not end before the handler has. */
  readonly run = async (held: HeldEntry): Promise<Settlement> => {
    try {
      const document = decodeJob(held.bytes);
      const type = this.options.jobTypes.get(document.name);
      if (!type) return this.#sendHome(held, document);
      if (document.unique || document.recovered > 0) return await this.#prepareAndAttempt(held, document, type);
      return await this.#attempt(held, document, type);
    } catch (error) {
      return this.#outside(held, error);
    }
  };

  async #prepareAndAttempt(held: HeldEntry, queued: JobDocument, type: JobType): Promise<Settlement> {
    const { uniqueClaim, suspects } = this.options;
    const document = UniqueClaim.isDue(queued) ? await uniqueClaim.claim(held, queued) : queued;
    const attempt = async () => {
      if (held.signal.aborted) throw new JobNotStartedError('its pool stops', { cause: held.signal.reason });
      return await this.#attempt(held, document, type);
    };
    return Suspects.isSuspect(document) ? await suspects.run(held, document, attempt) : await attempt();
  }

  /** Not split further: each async function more on this way costs a tenth of what a small job costs in all. */
  async #attempt(held: HeldEntry, document: JobDocument, type: JobType): Promise<Settlement> {
    const { observer, clock } = this.options;
    const { name: job, id: jobId, t: enqueuedAt } = document;
    const { poolId } = held;
    const startedAtMs = clock.nowMs();
    const observed = observer.started(document, startedAtMs);
    const run = new JobRun(document, type.maxFails, startedAtMs, held, observed);
    const { attempt, maxFails } = run;
    this.options.report({ type: 'job_started', job, jobId, attempt, maxFails, poolId, enqueuedAt });
    const startedMs = clock.monotonicMs();
    let outcome = SUCCEEDED;
    try {
      await this.#handlerOf(type)(run);
    } catch (error) {
      outcome = this.#outcomeOf(error, document, held, type);
    }
    const durationMs = clock.monotonicMs() - startedMs;
    observer.ended(observed);
    this.options.report({
      type: 'job_finished',
      job,
      jobId,
      attempt,
      maxFails,
      poolId,
      enqueuedAt,
      outcome,
      durationMs,
    });
    return outcome === SUCCEEDED ? SETTLED_SUCCESS : this.#settle(outcome, held, jobId);
  }

  #outcomeOf(error: unknown, document: JobDocument, held: HeldEntry, type: JobType): JobOutcome {
    if (held.signal.aborted) return INTERRUPTED;
    const { clock, random } = this.options;
    const onBadBackoff = (problem: unknown) => this.#warnOfBackoff(type.name, problem);
    return outcomeOfFailure({ error, document, type, nowMs: clock.nowMs(), random, onBadBackoff });
  }

  #handlerOf(type: JobType): JobHandler {
    const known = this.#handlers.get(type);
    if (known) return known;
    const handler = compose(this.options.middleware, type.handler);
    this.#handlers.set(type, handler);
    return handler;
  }

  #settle(outcome: JobOutcome, { bytes, queueName, poolId }: HeldEntry, jobId: string): Settlement {
    const { keyspace, clock, host } = this.options;
    const queueKey = keyspace.queue(queueName);
    return settlementOf(outcome, { bytes, queueKey, jobId, poolId, host, now: epochSeconds(clock) });
  }

  /**
   * A pool that knows the name may live elsewhere. By way of the scheduled set it comes to the queue of its name, where it
   * waits for one.
   */
  #sendHome(held: HeldEntry, { name: job, id: jobId }: JobDocument): Settlement {
    this.options.report({ type: 'job_stray', job, jobId, queue: held.queueName });
    return this.#settle({ kind: 'snoozed', runAt: epochSeconds(this.options.clock) }, held, jobId);
  }

  /** What happened before or after the run itself. */
  #outside(held: HeldEntry, error: unknown): Settlement {
    if (error instanceof JobNotStartedError) return this.#settle(INTERRUPTED, held, '');
    const isUndecodable = error instanceof UndecodableJobError;
    if (!isUndecodable) this.options.report({ type: 'role_failed', role: 'JobExecutor', error });
    const reason = isUndecodable ? error.reason : `the engine failed on it: ${errorText(error)}`;
    this.options.report({ type: 'job_quarantined', queue: held.queueName, reason });
    return this.#settle({ kind: 'quarantined', reason }, held, '');
  }

  #warnOfBackoff(job: string, problem: unknown): void {
    if (this.#badBackoffs.has(job)) return;
    this.#badBackoffs.add(job);
    const answer = problem instanceof Error ? `threw "${errorText(problem)}"` : `returned ${errorText(problem)}`;
    const message = `The backoff of job ${JSON.stringify(job)} ${answer} instead of seconds, a number of at most ten years. The default one is used.`;
    this.options.report({ type: 'warning', code: 'WORK_BAD_BACKOFF', message });
  }
}

import { types } from 'node:util';
import { delaySeconds, quoted, WorkError, type Delay } from '#protocol';
import type { JobWrite, WriteAnswer } from '#store';
import { safeReport } from '../background/index.js';
import { connectionInUse } from '../connection-in-use.js';
import { assertOptions, InvalidEngineOptionError } from '../engine-options.js';
import type { Report } from '../events.js';
import { CallClock } from './call-clock.js';
import { DraftMaker, type JobForm } from './draft-maker.js';
import { EnqueuerClosedError, InvalidRunAtError } from './enqueue-errors.js';
import { draftAll, writeInChunks } from './enqueue-many.js';
import type { EnqueuedJob, ScheduledJob } from './enqueued-job.js';
import { DEFAULT_ENQUEUE_TIMEOUT_MS, ENQUEUER_OPTIONS, type EnqueuerOptions } from './enqueuer-options.js';
import type { ArgumentsOf } from './job-arguments.js';
import { KnownJobs } from './known-jobs.js';
import { LastTrouble } from '../last-trouble.js';
import { OpenCalls } from './open-calls.js';
import { PendingCall, type Enqueued } from './pending-call.js';
import { Producer } from './producer.js';

/**
 * Enqueues jobs. Each call resolves when Redis has accepted the job; until then nothing is promised.
 *
 * Arguments are an object or null, encoded in the moment of the call, at most 1 MB and nested at most 64 levels deep.
 *
 * All methods reject with a `WorkError`: `InvalidJobNameError`, `InvalidArgumentsError`, `InvalidDelayError` and
 * `InvalidRunAtError` before anything is written; `UnknownJobError` (only with the option `knownJobs`), `EnqueueRefusedError`
 * (Redis' own error is its cause) and `EnqueueBacklogError` (10,000 calls wait already, or 64 MB of jobs) with nothing
 * written; `EnqueueTimeoutError`, whose `written` says whether it may be and whose cause is the last thing that went wrong;
 * `EnqueuerClosedError` after `close`.
 *
 * @example
 * const enqueuer = new Enqueuer({ namespace: 'shop', connection: 'redis://127.0.0.1:6379' });
 * const job = await enqueuer.enqueue('send_email', { to: 'ada@example.com' });
 * await enqueuer.close();
 */
export class Enqueuer {
  readonly #clock: CallClock;
  readonly #maker: DraftMaker;
  readonly #producer: Producer;
  readonly #openCalls = new OpenCalls();
  readonly #trouble: LastTrouble;
  readonly #closeConnection: () => void;

  /** @throws InvalidEngineOptionError, InvalidNamespaceError, InvalidConnectionError */
  constructor(options: EnqueuerOptions) {
    assertOptions('Enqueuer', options, ENQUEUER_OPTIONS);
    const { timeoutMs = DEFAULT_ENQUEUE_TIMEOUT_MS, escapes, check, clock } = options;
    assertTimeout(timeoutMs);
    const report = options.report && safeReport(options.report);
    const { redis, keyspace, close } = connectionInUse('Enqueuer', 'enqueue', options, report);
    this.#closeConnection = close;
    const knownJobs = new KnownJobs(keyspace.namespace, options.knownJobs);
    const json = escapes ? { escapes } : {};
    this.#clock = new CallClock(clock);
    this.#maker = new DraftMaker(keyspace, json, check);
    const onAnswers = (writes: readonly JobWrite[], answers: readonly WriteAnswer[]) => tell(report, writes, answers);
    this.#trouble = new LastTrouble(redis);
    const common = { redis, keyspace, clock: this.#clock, trouble: this.#trouble };
    this.#producer = new Producer({ ...common, timeoutMs, json, knownJobs, onAnswers });
  }

  /** Puts a job at the end of its queue. */
  enqueue<N extends string>(name: N, args: NoInfer<ArgumentsOf<N>>): Promise<EnqueuedJob> {
    return this.#enqueue(name, args, () => ({})) as Promise<EnqueuedJob>;
  }

  /** Schedules a job. `delay` is seconds, or text like `'5m'`; the time is rounded up to the second, so no job runs early. */
  enqueueIn<N extends string>(name: N, delay: Delay, args: NoInfer<ArgumentsOf<N>>): Promise<ScheduledJob> {
    return this.#enqueue(name, args, () => ({ runTime: inSeconds(delay) })) as Promise<ScheduledJob>;
  }

  /** Schedules a job for a time, which is rounded up to the second; one that is past runs at once. */
  enqueueAt<N extends string>(name: N, at: Date, args: NoInfer<ArgumentsOf<N>>): Promise<ScheduledJob> {
    return this.#enqueue(name, args, () => ({ runTime: atDate(name, at) })) as Promise<ScheduledJob>;
  }

  /**
   * Puts a job at the end of its queue unless one with the same name and arguments waits already: then resolves with null.
   * It counts as waiting until a worker starts it, at most 24 hours.
   */
  enqueueUnique<N extends string>(name: N, args: NoInfer<ArgumentsOf<N>>): Promise<EnqueuedJob | null> {
    return this.#enqueue(name, args, () => ({ unique: 'by-arguments' }));
  }

  /** Schedules a job unless one with the same name and arguments waits already: then resolves with null. */
  enqueueUniqueIn<N extends string>(
    name: N,
    delay: Delay,
    args: NoInfer<ArgumentsOf<N>>,
  ): Promise<ScheduledJob | null> {
    const form = (): JobForm => ({ runTime: inSeconds(delay), unique: 'by-arguments' });
    return this.#enqueue(name, args, form) as Promise<ScheduledJob | null>;
  }

  /**
   * Puts a job at the end of its queue unless one with the same name and key waits already: then that one will run with
   * these arguments, and the call resolves with null.
   */
  enqueueUniqueByKey<N extends string>(
    name: N,
    args: NoInfer<ArgumentsOf<N>>,
    key: object,
  ): Promise<EnqueuedJob | null> {
    return this.#enqueue(name, args, () => ({ unique: { key } }));
  }

  /**
   * Schedules a job unless one with the same name and key waits already: then that one will run, at its own time, with
   * these arguments, and the call resolves with null.
   */
  enqueueUniqueInByKey<N extends string>(
    name: N,
    delay: Delay,
    args: NoInfer<ArgumentsOf<N>>,
    key: object,
  ): Promise<ScheduledJob | null> {
    const form = (): JobForm => ({ runTime: inSeconds(delay), unique: { key } });
    return this.#enqueue(name, args, form) as Promise<ScheduledJob | null>;
  }

  /**
   * Puts many jobs of one type at the end of its queue, in their order. All are checked before the first is written.
   *
   * @throws EnqueueManyError where some could not be written: it names those that were
   */
  async enqueueMany<N extends string>(name: N, args: readonly NoInfer<ArgumentsOf<N>>[]): Promise<EnqueuedJob[]> {
    this.#admit(name);
    try {
      const drafts = await draftAll(this.#maker, name, args);
      return await writeInChunks(this.#producer, name, drafts, () => this.#clock.monotonicMs());
    } finally {
      this.#openCalls.leave();
    }
  }

  /**
   * Refuses new calls at once, and resolves when all that were made before are settled. A connection that it opened itself
   * is closed then; until then it keeps the process alive.
   */
  async close(): Promise<void> {
    await this.#openCalls.close();
    this.#trouble.end();
    this.#closeConnection();
  }

  async #enqueue(name: string, args: unknown, form: () => JobForm): Promise<Enqueued> {
    this.#admit(name);
    try {
      const draft = this.#maker.make(name, args as object | null, form());
      const call = new PendingCall([draft instanceof Promise ? await draft : draft], this.#clock.monotonicMs());
      this.#producer.add(call);
      return (await call.settled)[0] as Enqueued;
    } catch (error) {
      // It was made by a timer or a reply: where it was enqueued, V8 knows only here.
      if (error instanceof WorkError) Error.captureStackTrace(error);
      throw error;
    } finally {
      this.#openCalls.leave();
    }
  }

  #admit(name: string): void {
    if (this.#openCalls.isClosed) throw new EnqueuerClosedError(name);
    this.#producer.assertRoom(name);
    this.#openCalls.enter();
  }
}

const MAX_TIMEOUT_MS = 3_600_000;

function assertTimeout(timeoutMs: unknown): void {
  if (typeof timeoutMs === 'number' && timeoutMs >= 1 && timeoutMs <= MAX_TIMEOUT_MS) return;
  const problem = `timeoutMs is ${quoted(timeoutMs)}, and must be a number of milliseconds from 1 to 3,600,000.`;
  throw new InvalidEngineOptionError('Enqueuer', problem);
}

function inSeconds(delay: Delay): { readonly inSeconds: number } {
  return { inSeconds: delaySeconds(delay) };
}

function atDate(name: string, at: Date): { readonly atMs: number } {
  const atMs = types.isDate(at) ? at.getTime() : Number.NaN;
  if (Number.isNaN(atMs)) throw new InvalidRunAtError(name, at);
  return { atMs };
}

function tell(report: Report | undefined, writes: readonly JobWrite[], answers: readonly WriteAnswer[]): void {
  if (!report) return;
  const counts = new Map<string, { written: number; duplicates: number }>();
  for (const [index, { jobName }] of writes.entries()) {
    const count = counts.get(jobName) ?? { written: 0, duplicates: 0 };
    counts.set(jobName, count);
    if (answers[index] === 'written') count.written += 1;
    if (answers[index] === 'duplicate') count.duplicates += 1;
  }
  for (const [jobName, count] of counts) report({ type: 'jobs_enqueued', jobName, ...count });
}

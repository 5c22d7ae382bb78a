import { AsyncLocalStorage } from 'node:async_hooks';
import type { LoggerService } from '@nestjs/common';

/**
 * The job that runs. A handler gets it as its last parameter, and any provider may ask for it in its constructor: what is
 * injected stands for whatever job runs where it is used, so that singletons, request-scoped and durable providers all
 * see the right one. Where no job runs, its members throw `NoRunningJobError`.
 *
 * @example
 * @Injectable()
 * class Mailer {
 *   constructor(private readonly job: JobContext) {}
 *   send(mail: Mail) {
 *     return this.smtp.send(mail, { idempotencyKey: this.job.id, signal: this.job.signal });
 *   }
 * }
 */
export abstract class JobContext {
  /** 24 hex characters, or what a foreign producer gave. Stays the same over all attempts. */
  abstract readonly id: string;
  abstract readonly name: string;
  /** The arguments as they came, parsed but not validated; null where the job was enqueued without any. */
  abstract readonly args: unknown;
  /**
   * Their JSON as it is stored, `'null'` where there are none. It has every digit of integers that a number rounds, which
   * `args` has not.
   */
  abstract readonly argsJson: string;
  /** 1 at the first run, 2 at the first retry. An interrupted or recovered attempt is not counted. */
  abstract readonly attempt: number;
  /** Runs before the job is given up, the first one included. */
  abstract readonly maxFails: number;
  /** When the job came into its queue, to the second: for a retry, when it became due again. */
  abstract readonly enqueuedAt: Date;
  /**
   * Aborts when this run must end: the grace period of a stop is over, or this process lost the job to another.
   * `signal.reason` says which. Give it to whatever takes one (`fetch`, timers, streams).
   */
  abstract readonly signal: AbortSignal;
  /** A Nest logger; every line carries the job's name and id. */
  abstract readonly log: LoggerService;
  /** Shows how far the job has come to whoever looks at the running jobs, within about a second. */
  abstract checkin(message: string): void;

  /** The job that runs here, undefined where none does. Needs no injection. */
  static current(): JobContext | undefined {
    return running.getStore();
  }
}

const running = new AsyncLocalStorage<JobContext>();

/** Everything that `work` does, now and later, sees `job` as the running one. */
export function runInJob<T>(job: JobContext, work: () => T): T {
  return running.run(job, work);
}

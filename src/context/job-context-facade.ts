import type { LoggerService } from '@nestjs/common';
import { NoRunningJobError } from '../errors/index.js';
import { JobContext } from './job-context.js';

/**
 * What is injected for JobContext: one object for the whole process, that looks up the running job at each use. As a
 * request-scoped provider it would make every service that asks for it request-scoped.
 */
class JobContextFacade extends JobContext {
  get id(): string {
    return job('id').id;
  }

  get name(): string {
    return job('name').name;
  }

  get args(): unknown {
    return job('args').args;
  }

  get argsJson(): string {
    return job('argsJson').argsJson;
  }

  get attempt(): number {
    return job('attempt').attempt;
  }

  get maxFails(): number {
    return job('maxFails').maxFails;
  }

  get enqueuedAt(): Date {
    return job('enqueuedAt').enqueuedAt;
  }

  get signal(): AbortSignal {
    return job('signal').signal;
  }

  get log(): LoggerService {
    return job('log').log;
  }

  checkin(message: string): void {
    job('checkin').checkin(message);
  }
}

function job(member: keyof JobContext): JobContext {
  const running = JobContext.current();
  if (!running) throw new NoRunningJobError(member);
  return running;
}

export const jobContextFacade: JobContext = new JobContextFacade();

import { Injectable, Logger } from '@nestjs/common';
import { JobContext, WorkMiddleware } from 'nestjs-work';

/** Says how long each job took, whether it succeeded or not. */
@Injectable()
export class JobTimer implements WorkMiddleware {
  readonly #log = new Logger(JobTimer.name);

  async use(job: JobContext, next: () => Promise<unknown>) {
    const startedMs = performance.now();
    try {
      return await next();
    } finally {
      this.#log.debug(`${job.name} ${job.id} took ${Math.round(performance.now() - startedMs)} ms`);
    }
  }
}

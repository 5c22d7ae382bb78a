import { likelyName, type Keyspace } from '#protocol';
import { pause, type WorkRedis } from '#store';
import { UnknownJobTypeError } from './client-errors.js';
import { knownJobs } from './queue-reader.js';

/** How a job type is paused. */
export interface PauseOptions {
  /** @default false */
  readonly mayBeUnknown?: boolean;
}

/** The job types that no pool takes jobs of. */
export class Pauses {
  constructor(
    private readonly redis: WorkRedis,
    private readonly keyspace: Keyspace,
  ) {}

  /** @throws UnknownJobTypeError */
  async pause(jobName: string, { mayBeUnknown = false }: PauseOptions): Promise<boolean> {
    if (!mayBeUnknown) await this.#assertKnown(jobName);
    return await pause(this.redis, this.keyspace, jobName);
  }

  async resume(jobName: string): Promise<boolean> {
    return (await this.redis.del(this.keyspace.paused(jobName))) === 1;
  }

  async isPaused(jobName: string): Promise<boolean> {
    return (await this.redis.exists(this.keyspace.paused(jobName))) === 1;
  }

  async #assertKnown(jobName: string): Promise<void> {
    const known = await knownJobs(this.redis, this.keyspace);
    if (known.includes(jobName)) return;
    throw new UnknownJobTypeError(jobName, this.keyspace.namespace, likelyName(jobName, known));
  }
}

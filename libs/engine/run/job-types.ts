import { assertJobName, doesNotExist, type Backoff } from '#protocol';
import { DuplicateJobError, InvalidJobOptionsError } from './job-type-errors.js';
import { isWhole } from '../whole-number.js';
import type { JobHandler } from './job-run.js';

/** How jobs of one name are run. Checked once, where the job is declared. */
export interface JobTypeOptions {
  /**
   * Share of this job among the jobs that wait, 1 to 100000: priority 20 is tried first about twice as often as 10.
   *
   * @default 1
   */
  readonly priority?: number;
  /**
   * Runs before the job is given up, the first one included, at least 1. `1` means no retry.
   *
   * @default 4
   */
  readonly maxFails?: number;
  /**
   * Most jobs of this name that run at once, over all processes; `0` means no limit. Not given: the limit that Redis
   * holds stays as it is. A limit that the start of a gocraft/work pool lifts, which declares none, is set again.
   */
  readonly maxConcurrency?: number;
  /**
   * Drop a job that failed for the last time, instead of keeping it in the dead set.
   *
   * @default false
   */
  readonly skipDead?: boolean;
  /**
   * Seconds from a failure to the next attempt.
   *
   * @default f⁴ + 15 + r·(f + 1), where f is the number of failures so far and r is 0 to 29 by chance
   */
  readonly backoff?: Backoff;
}

/** A declared job with every option filled in. */
export interface JobType {
  readonly name: string;
  readonly priority: number;
  readonly maxFails: number;
  readonly maxConcurrency: number | undefined;
  readonly skipDead: boolean;
  readonly backoff: Backoff | undefined;
  readonly handler: JobHandler;
}

const MAX_PRIORITY = 100_000;

/** The jobs that a pool can run, by name. A name from the wire is only ever looked up here. */
export class JobTypeRegistry implements Iterable<JobType> {
  readonly #types = new Map<string, JobType>();

  /**
   * @throws InvalidJobNameError, InvalidJobOptionsError naming the option and what it may be, DuplicateJobError where
   * the name is taken.
   */
  register(name: string, options: JobTypeOptions, handler: JobHandler): JobType {
    assertJobName(name);
    if (this.#types.has(name)) throw new DuplicateJobError(name);
    const type = Object.freeze(resolve(name, options, handler));
    this.#types.set(name, type);
    return type;
  }

  get(name: string): JobType | undefined {
    return this.#types.get(name);
  }

  names(): string[] {
    return [...this.#types.keys()];
  }

  [Symbol.iterator](): IterableIterator<JobType> {
    return this.#types.values();
  }
}

const OPTIONS = [
  'priority',
  'maxFails',
  'maxConcurrency',
  'skipDead',
  'backoff',
] as const satisfies readonly (keyof JobTypeOptions)[];

function resolve(name: string, options: JobTypeOptions, handler: JobHandler): JobType {
  assertOptions(name, options);
  const { priority = 1, maxFails = 4, maxConcurrency, skipDead = false, backoff } = options;
  const refuse = (option: string, value: unknown, allowed: string): never => {
    throw InvalidJobOptionsError.ofValue(name, option, value, allowed);
  };
  if (!isWhole(priority, 1, MAX_PRIORITY)) refuse('priority', priority, `a whole number from 1 to ${MAX_PRIORITY}`);
  if (!isWhole(maxFails, 1)) refuse('maxFails', maxFails, 'a whole number of at least 1');
  if (maxConcurrency !== undefined && !isWhole(maxConcurrency, 0))
    refuse('maxConcurrency', maxConcurrency, 'a whole number of at least 0, where 0 means no limit');
  if (typeof skipDead !== 'boolean') refuse('skipDead', skipDead, 'true or false');
  if (backoff !== undefined && typeof backoff !== 'function')
    refuse('backoff', backoff, 'a function that returns seconds');
  if (typeof handler !== 'function') refuse('handler', handler, 'a function');
  return { name, priority, maxFails, maxConcurrency, skipDead, backoff, handler };
}

/** One that is mistyped would be one that is not given. */
function assertOptions(name: string, options: unknown): void {
  if (typeof options !== 'object' || options === null)
    throw InvalidJobOptionsError.ofValue(name, 'options', options, 'an object, {} for the defaults');
  const unknown = Object.keys(options).find((option) => !(OPTIONS as readonly string[]).includes(option));
  if (unknown !== undefined)
    throw new InvalidJobOptionsError(name, unknown, options[unknown as never], doesNotExist(unknown, OPTIONS));
}

import type { Type } from '@nestjs/common';
import type { JobTypeOptions } from '#engine';

/** What may be said of a job from outside too, under `jobs` of the module's options. */
export interface JobTuning extends JobTypeOptions {
  /**
   * What becomes of a job whose arguments fail the validation, which only a producer that does not know the handler's
   * class can have enqueued: `'dead'` at once, since no attempt can help, or `'retry'` as after any other error.
   *
   * @default 'dead'
   */
  readonly onInvalidArguments?: 'dead' | 'retry';
}

export const ON_INVALID_ARGUMENTS = { fallback: 'dead', values: ['dead', 'retry'] } as const;

export const TUNING = [
  'priority',
  'maxFails',
  'maxConcurrency',
  'skipDead',
  'backoff',
  'onInvalidArguments',
] as const satisfies readonly (keyof JobTuning)[];

export interface JobOptions extends JobTuning {
  /**
   * Class of the arguments: they are validated by its class-validator decorators when enqueued in this process and when
   * run, and the handler gets an instance of it. Needed where the first parameter is no class (an interface, `Dto | null`), and
   * in builds without decorator metadata (esbuild, tsx, vitest without swc). `null`: no class, arguments pass as they are.
   *
   * @default the class of the handler's first parameter
   */
  readonly args?: Type | null;
  /**
   * The `name` of the `WorkModule.forRoot` whose pool runs this job.
   *
   * @default the one without a name
   */
  readonly instance?: string;
}

export const JOB_OPTIONS = [...TUNING, 'args', 'instance'] as const satisfies readonly (keyof JobOptions)[];

export interface PeriodicOptions extends JobOptions {
  /**
   * The job's name on the wire. Give one where code is minified or a Go service shares the spec: class names are not kept
   * there.
   *
   * @default that of `@Job` on the same method, else `<Class>.<method>`
   */
  readonly name?: string;
  /**
   * IANA name of the zone in which the expression is read, for example `Europe/Berlin`. A `TZ=` or `CRON_TZ=` prefix of
   * the expression says the same.
   *
   * @default the process's own zone
   */
  readonly timezone?: string;
}

export const PERIODIC_OPTIONS = [
  ...JOB_OPTIONS,
  'name',
  'timezone',
] as const satisfies readonly (keyof PeriodicOptions)[];

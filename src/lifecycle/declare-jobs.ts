import { ApplicationConfig, ExternalContextCreator, ModuleRef, type ModulesContainer } from '@nestjs/core';
import { WorkError } from '#protocol';
import { InvalidJobOptionsError, type WorkerPool } from '#engine';
import type { DiscoveredJob } from '../discovery/index.js';
import { InvalidJobDeclarationError, InvalidOptionError, mustBe } from '../errors/index.js';
import { ON_INVALID_ARGUMENTS, type JobTuning } from '../options/job-options.js';
import { oneOf } from '../options/option-rules.js';
import type { ResolvedWorkOptions } from '../options/resolved-work-options.js';
import {
  findMiddleware,
  handlerArguments,
  jobHandler,
  refuseScopedAppWide,
  refuseSkippedEnhancers,
  type Surroundings,
} from '../execution/index.js';
import { jobTypeOptions, tuningOf } from './job-tuning.js';
import type { WorkInstance } from './work-instance.js';

export interface NestParts {
  readonly modules: ModulesContainer;
  readonly creator: ExternalContextCreator;
  readonly moduleRef: ModuleRef;
  readonly applicationConfig: ApplicationConfig;
}

/**
 * Tells the pool of every job of its instance. All that can be wrong with a handler is said here, before the first job.
 *
 * @throws SkippedEnhancerError, MissingMiddlewareError, InvalidJobDeclarationError
 */
export async function declareJobs(instance: WorkInstance, pool: WorkerPool, nest: NestParts): Promise<void> {
  const { middleware, appWideEnhancers } = instance.options;
  const surroundings: Surroundings = {
    creator: nest.creator,
    moduleRef: nest.moduleRef,
    appWide: appWideEnhancers ? nest.applicationConfig : undefined,
    middleware: findMiddleware(middleware, nest.modules.values()),
  };
  for (const job of instance.jobs()) {
    refuseSkippedEnhancers(job, surroundings.appWide);
    refuseScopedAppWide(surroundings.appWide, nest.modules.values(), job);
    await declareJob(instance, pool, job, surroundings);
  }
}

async function declareJob(
  instance: WorkInstance,
  pool: WorkerPool,
  job: DiscoveredJob,
  surroundings: Surroundings,
): Promise<void> {
  const tuning = tuningOf(job, instance.options);
  const args = handlerArguments(
    job,
    instance.validators.of(job),
    onInvalidArguments(job, tuning, instance.options.jobs),
  );
  const handler = await jobHandler(job, args, surroundings);
  withPlace(job, instance.options.jobs, () => {
    pool.job(job.name, jobTypeOptions(tuning), handler);
    for (const { expression, timezone } of job.schedules) {
      pool.periodicallyEnqueue(expression, job.name, timezone === undefined ? {} : { timezone });
    }
  });
}

/** What the engine refuses, said with class and method, or with the module's option that says it. */
function withPlace({ name, place }: DiscoveredJob, jobs: ResolvedWorkOptions['jobs'], declare: () => void): void {
  try {
    declare();
  } catch (error) {
    if (!(error instanceof WorkError)) throw error;
    if (error instanceof InvalidJobOptionsError) refuseConfigured(name, jobs, error);
    throw new InvalidJobDeclarationError(place, error.message);
  }
}

function refuseConfigured(
  name: string,
  jobs: ResolvedWorkOptions['jobs'],
  { option, value, problem }: Pick<InvalidJobOptionsError, 'option' | 'value' | 'problem'>,
): void {
  if (Object.hasOwn(jobs[name] ?? {}, option)) throw new InvalidOptionError(`jobs.${name}.${option}`, value, problem);
}

function onInvalidArguments({ name, place }: DiscoveredJob, tuning: JobTuning, jobs: ResolvedWorkOptions['jobs']) {
  const { fallback, values } = ON_INVALID_ARGUMENTS;
  const { onInvalidArguments: value = fallback } = tuning;
  if (values.includes(value)) return value;
  const option = 'onInvalidArguments';
  const problem = mustBe(value, oneOf(values).allowed);
  refuseConfigured(name, jobs, { option, value, problem });
  throw new InvalidJobDeclarationError(place, `${option} ${problem}`);
}

import type { JobTypeOptions } from '#engine';
import type { DiscoveredJob } from '../discovery/index.js';
import type { JobTuning } from '../options/job-options.js';
import type { ResolvedWorkOptions } from '../options/resolved-work-options.js';

/** What the decorator says of a job, with the last word given to the module's options. */
export function tuningOf({ name, options }: DiscoveredJob, { jobs }: Pick<ResolvedWorkOptions, 'jobs'>): JobTuning {
  return { ...options, ...(Object.hasOwn(jobs, name) && defined(jobs[name] as JobTuning)) };
}

/** Only what the engine knows. */
export function jobTypeOptions(tuning: JobTuning): JobTypeOptions {
  const { priority, maxFails, maxConcurrency, skipDead, backoff } = tuning;
  return defined({ priority, maxFails, maxConcurrency, skipDead, backoff });
}

/** Without the options that are there and undefined, as configuration gives them. */
function defined<T extends object>(options: T): T {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as T;
}

import type { JobKnowledge } from '#engine';
import type { ResolvedWorkOptions } from '../options/resolved-work-options.js';
import type { WorkApplication } from './work-application.js';

const MAX_LISTED = 20;

interface Knower {
  readonly name: string | undefined;
  readonly options: ResolvedWorkOptions;
  readonly application: WorkApplication;
}

/** The jobs that an instance may enqueue without asking Redis: those it handles, and those its options name. */
export function jobKnowledge({ name, options, application }: Knower): JobKnowledge | undefined {
  const { knownJobs } = options;
  if (knownJobs === 'any') return undefined;
  const declared = (jobName: string) => application.jobsOf(name).some((job) => job.name === jobName);
  return {
    // While the application is put together, a handler may only be on its way.
    has: (jobName) => knownJobs.includes(jobName) || !application.isComplete || declared(jobName),
    advice: (jobName) => elsewhere(application, jobName) ?? advice(application.jobsOf(name).map((job) => job.name)),
  };
}

function elsewhere(application: WorkApplication, jobName: string): string | undefined {
  const handler = application.handlerOf(jobName);
  if (!handler) return undefined;
  const { instance } = handler;
  return instance === undefined
    ? 'The unnamed instance handles it: inject its Enqueuer, by its class.'
    : `Instance ${JSON.stringify(instance)} handles it: inject its Enqueuer with @InjectEnqueuer(${JSON.stringify(instance)}).`;
}

function advice(names: readonly string[]): string {
  const some = names.slice(0, MAX_LISTED).join(', ') + (names.length > MAX_LISTED ? ', …' : '');
  const here = names.length > 0 ? ` (handled here: ${some})` : '';
  return `Check its name${here}. If a service that has not started yet runs it, list it under the option knownJobs.`;
}

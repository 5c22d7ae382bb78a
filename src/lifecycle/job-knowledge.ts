import { likelyName } from '#protocol';
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
  const handled = () => application.jobsOf(name).map((job) => job.name);
  return {
    // While the application is put together, a handler may only be on its way.
    has: (jobName) => knownJobs.includes(jobName) || !application.isComplete || handled().includes(jobName),
    advice: (jobName) => elsewhere(application, jobName) ?? advice(jobName, handled(), knownJobs),
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

function advice(jobName: string, names: readonly string[], known: readonly string[]): string {
  const meant = likelyName(jobName, [...names, ...known]);
  const some = names.slice(0, MAX_LISTED).join(', ') + (names.length > MAX_LISTED ? ', …' : '');
  const here = names.length > 0 ? ` (handled here: ${some})` : '';
  const check =
    meant === undefined
      ? `Check its name${here}, and that the class of its handler is among the providers of a module.`
      : `Did you mean ${JSON.stringify(meant)}?`;
  const list = `knownJobs: [${JSON.stringify(jobName)}]`;
  return `${check} If a service that has not started yet runs it, write ${list} in the options of WorkModule.`;
}

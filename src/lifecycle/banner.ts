import { handlerLabel, untoldParameter, type DiscoveredJob } from '../discovery/index.js';
import type { ResolvedWorkOptions } from '../options/resolved-work-options.js';

/** What the start tells: where the jobs are, and one line for each that runs here, as Nest does for routes. */
export function bannerLines(options: ResolvedWorkOptions, target: string, jobs: readonly DiscoveredJob[]): string[] {
  const where = `namespace ${JSON.stringify(options.namespace)} on Redis ${target}`;
  if (!options.worker) return [`Enqueues into ${where}, and runs no jobs (worker: false).`];
  const many = `${options.concurrency} at once, ${options.gracePeriodMs / 1000} s of grace at stop`;
  return [`Runs jobs of ${where}: ${many}.`, ...jobs.map(jobLine)];
}

function jobLine(job: DiscoveredJob): string {
  const times = job.schedules.map(({ expression, timezone }) => `"${expression}"${timezone ? ` ${timezone}` : ''}`);
  const periodic = times.length > 0 ? `, periodic at ${times.join(' and ')}` : '';
  return `Job ${job.name} is handled by ${handlerLabel(job.handler)}${periodic}`;
}

/** Options under `jobs` that nothing here takes: another process's, or a name that is mistyped. */
export function unusedTuningLines(options: ResolvedWorkOptions, jobs: readonly DiscoveredJob[]): string[] {
  const unused = Object.keys(options.jobs).filter((name) => !jobs.some((job) => job.name === name));
  if (!options.worker || unused.length === 0) return [];
  return [`Options are given for jobs that no handler here declares: ${unused.join(', ')}.`];
}

/** A pool that has nothing to run: most likely the class of the handlers is provided nowhere. */
export function idleLines({ worker }: ResolvedWorkOptions, jobs: readonly DiscoveredJob[]): string[] {
  if (!worker || jobs.length > 0) return [];
  return [
    'No @Job or @Periodic method was found, so that this process runs no jobs: is its class among the providers of a ' +
      'module? Write worker: false where that is meant.',
  ];
}

/** Classes for whose constructor Nest has nothing to inject, so that their handlers fail when they use it. */
export function uninjectedLines({ worker }: ResolvedWorkOptions, jobs: readonly DiscoveredJob[]): string[] {
  if (!worker) return [];
  const classes = new Map(jobs.map(({ handler: { provided } }) => [provided.prototype, provided]));
  return [...classes.values()].flatMap((provided) => {
    const parameter = untoldParameter(provided);
    if (!parameter) return [];
    const cause = parameter.isDecorated
      ? 'this build writes no decorator metadata (esbuild, tsx). Name each one with @Inject(), or build with tsc or SWC'
      : 'the class has no decorator. Put @Injectable() on it';
    const which = `parameter ${parameter.index + 1} of the constructor of ${provided.className}`;
    return [`Nest passes undefined for ${which}, whose type it cannot know: ${cause}.`];
  });
}

const REMEDY = 'Give the decorator { args: SomeDto }, or { args: null } if that is meant.';

/**
 * Handlers whose arguments cannot be validated although they take some, and what to write.
 *
 * @param isEmpty whether the class of a job's arguments has no decorators
 */
export function unvalidatedLines(
  jobs: readonly DiscoveredJob[],
  canValidate: boolean,
  isEmpty: (job: DiscoveredJob) => boolean,
): string[] {
  const unknown = jobs.flatMap(({ place, arguments: args }) =>
    args.kind === 'unknown' ? [`${place}: its arguments are not validated, because ${args.reason}. ${REMEDY}`] : [],
  );
  const empty = jobs.flatMap((job) => (isEmpty(job) ? [emptyLine(job)] : []));
  const hasClass = jobs.some((job) => job.arguments.kind === 'class');
  if (canValidate || !hasClass) return [...unknown, ...empty];
  return [...unknown, 'No arguments are validated: install class-validator and class-transformer for that.'];
}

function emptyLine({ place, arguments: args }: DiscoveredJob): string {
  const name = args.kind === 'class' ? args.type.name : '';
  return (
    `${place}: its arguments are not validated, because ${name} has no decorators of class-validator. Decorate its ` +
    'properties, or give the decorator { args: null } if that is meant.'
  );
}

import { InvalidJobDeclarationError } from '../errors/index.js';
import { declaredMethods } from './declared-methods.js';
import type { DiscoveredJob } from './discovered-job.js';
import { jobsOfMethod } from './jobs-of-method.js';
import type { NestModule } from './nest-types.js';
import { providedClasses, type ProvidedClass } from './provided-class.js';

/**
 * Every job that the application's providers and controllers declare.
 *
 * @throws InvalidJobDeclarationError naming class and method
 */
export function discoverJobs(modules: Iterable<NestModule>): DiscoveredJob[] {
  const seen = new Map<object, ProvidedClass>();
  const jobs: DiscoveredJob[] = [];
  for (const provided of providedClasses(modules)) {
    const found = declaredMethods(provided.prototype).flatMap((method) => jobsOfMethod(provided, method));
    if (found.length > 0) refuseSecondProvider(seen, provided, found);
    jobs.push(...found);
  }
  refuseSecondHandler(jobs);
  return jobs;
}

/** Each would be another instance, and only one of them can run the job. */
function refuseSecondProvider(
  seen: Map<object, ProvidedClass>,
  provided: ProvidedClass,
  [job]: readonly DiscoveredJob[],
): void {
  const first = seen.get(provided.prototype);
  if (first) {
    throw new InvalidJobDeclarationError(
      job!.place,
      `${provided.className} is provided twice: in ${first.whereProvided}, and in ${provided.whereProvided}. ` +
        'Provide it once, and export it to where it is needed (or use useExisting for a second token).',
    );
  }
  seen.set(provided.prototype, provided);
}

function refuseSecondHandler(jobs: readonly DiscoveredJob[]): void {
  const byName = new Map<string, DiscoveredJob>();
  for (const job of jobs) {
    const key = JSON.stringify([job.instance, job.name]);
    const first = byName.get(key);
    if (first) {
      throw new InvalidJobDeclarationError(
        job.place,
        `job ${JSON.stringify(job.name)} is handled by ${first.place} already, and only one of them can run it. Rename one.`,
      );
    }
    byName.set(key, job);
  }
}

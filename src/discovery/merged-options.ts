import { InvalidJobDeclarationError } from '../errors/index.js';
import { JOB_OPTIONS, type JobOptions } from '../options/job-options.js';

/**
 * The options of several declarations of one job, for example `@Job` and two `@Periodic`.
 *
 * @throws InvalidJobDeclarationError where two of them say different things
 */
export function mergedOptions(place: string, all: readonly JobOptions[]): JobOptions {
  return Object.fromEntries(JOB_OPTIONS.flatMap((key) => entry(place, key, all)));
}

function entry(place: string, key: keyof JobOptions, all: readonly JobOptions[]): [string, unknown][] {
  const values = new Set(all.map((options) => options[key]).filter((value) => value !== undefined));
  if (values.size > 1) {
    throw new InvalidJobDeclarationError(place, `its declarations give different values for "${key}". Give it once.`);
  }
  return [...values].map((value) => [key, value]);
}

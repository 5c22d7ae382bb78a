import type { DiscoveredJob } from '../discovery/index.js';
import type { ResolvedWorkOptions } from '../options/resolved-work-options.js';
import { ArgumentsValidator, type ValidationLibrary } from '../validation/index.js';
import type { WorkApplication } from './work-application.js';

export interface JobValidatorsOptions {
  readonly name: string | undefined;
  readonly application: WorkApplication;
  readonly options: Pick<ResolvedWorkOptions, 'validation'>;
  readonly library: ValidationLibrary | undefined;
  /** Told once of a job without a class whose handler gets an integer rounded, by its place. */
  readonly onRounded: (jobName: string) => (path: string) => void;
}

/** What validates the arguments of each job that an instance handles. */
export class JobValidators {
  readonly #options: JobValidatorsOptions;
  /** Kept once every handler is known: an enqueue in somebody's constructor comes before. */
  #known: ReadonlyMap<string, ArgumentsValidator> | undefined;

  constructor(options: JobValidatorsOptions) {
    this.#options = options;
  }

  of(job: DiscoveredJob): ArgumentsValidator {
    return this.#now().get(job.name)!;
  }

  /** Whether the class of its arguments has no decorators, so that everything passes. */
  isEmpty(job: DiscoveredJob): boolean {
    return this.of(job).isEmpty;
  }

  /**
   * Validates what the handler will receive, the encoded bytes parsed back; what is written stays the caller's own. A job
   * that is handled elsewhere passes.
   *
   * @throws InvalidArgumentsError, also as a rejection
   */
  check(jobName: string, given: object | null, argsJson: string): void | Promise<void> {
    const validator = this.#now().get(jobName);
    if (!validator?.hasRules) return undefined;
    const checked = validator.validate({ args: JSON.parse(argsJson) as unknown, argsBytes: argsJson, given });
    return checked instanceof Promise ? checked.then(() => {}) : undefined;
  }

  #now(): ReadonlyMap<string, ArgumentsValidator> {
    if (this.#known) return this.#known;
    const { application, name } = this.#options;
    const validators = new Map(application.jobsOf(name).map((job) => [job.name, this.#validatorOf(job)]));
    if (application.isComplete) this.#known = validators;
    return validators;
  }

  #validatorOf({ name, arguments: args }: DiscoveredJob): ArgumentsValidator {
    const { library, options } = this.#options;
    const type = args.kind === 'class' ? args.type : undefined;
    return new ArgumentsValidator(name, type, library, options.validation, this.#options.onRounded(name));
  }
}

import type { Type } from '@nestjs/common';
import { Keyspace } from '#protocol';
import { Client, Connections, Enqueuer, START_TIMEOUT_MS, type JobTypeOptions, type Report } from '#engine';
import type { DiscoveredJob } from '../discovery/index.js';
import type { JobTuning } from '../options/job-options.js';
import type { ResolvedWorkOptions } from '../options/resolved-work-options.js';
import { ArgumentsValidator, type ValidationLibrary } from '../validation/index.js';
import { eventLog, workLogger } from './event-log.js';
import { jobKnowledge } from './job-knowledge.js';
import { oneEventEachWay } from './one-event-each-way.js';
import type { WorkApplication } from './work-application.js';
import { WorkEvents } from './work-events.js';

export interface WorkInstanceParts {
  readonly name: string | undefined;
  readonly options: ResolvedWorkOptions;
  readonly application: WorkApplication;
  readonly library: ValidationLibrary | undefined;
}

/** What one `WorkModule.forRoot` is made of, from its construction to the end of the application's shutdown. */
export class WorkInstance {
  readonly name: string | undefined;
  readonly options: ResolvedWorkOptions;
  readonly application: WorkApplication;
  readonly library: ValidationLibrary | undefined;
  readonly events: WorkEvents;
  readonly report: Report;
  readonly keyspace: Keyspace;
  readonly connections: Connections;
  readonly enqueuer: Enqueuer;
  readonly client: Client;
  readonly #commands: ReturnType<Connections['open']>;
  #validators: ReadonlyMap<string, ArgumentsValidator> | undefined;
  #closed: Promise<void> | undefined;

  constructor({ name, options, application, library }: WorkInstanceParts) {
    application.register(name);
    this.name = name;
    this.options = options;
    this.application = application;
    this.library = library;
    this.events = new WorkEvents((error) => workLogger(name).error('A listener of WorkEvents failed', error));
    const report = (this.report = reportOf(name, this.events));
    this.keyspace = new Keyspace(options.namespace);
    this.connections = new Connections(
      options.connection,
      redisEvents(report, () => this.connections.target),
    );
    this.enqueuer = new Enqueuer({
      redis: this.connections.open('enqueue'),
      keyspace: this.keyspace,
      timeoutMs: options.enqueueTimeoutMs,
      escapes: options.jsonEscapes,
      check: (jobName, args, argsJson) => this.#check(jobName, argsJson),
      knownJobs: jobKnowledge(this),
      report,
    });
    this.#commands = this.connections.open('commands');
    this.client = new Client({ redis: this.#commands, keyspace: this.keyspace });
  }

  /**
   * Resolves when Redis answers.
   *
   * @param abandoned ends the wait
   * @throws RedisUnreachableError with host and port after 10 s, unless the application shall wait; the reason of `abandoned`
   */
  async answered(abandoned: AbortSignal): Promise<void> {
    const limitMs = this.options.whenRedisIsDown === 'wait' ? Infinity : START_TIMEOUT_MS;
    await this.connections.answered(this.#commands, limitMs, abandoned);
  }

  /** The jobs whose handlers are in this process. */
  jobs(): readonly DiscoveredJob[] {
    return this.application.jobsOf(this.name);
  }

  validatorOf(job: DiscoveredJob): ArgumentsValidator {
    return this.#validatorsNow().get(job.name)!;
  }

  /** What the decorator says, with the last word given to the module's options. */
  tuningOf({ name, options }: DiscoveredJob): JobTuning {
    const given = Object.hasOwn(this.options.jobs, name) ? this.options.jobs[name] : {};
    return { ...options, ...defined(given!) };
  }

  /** Waits for the enqueues that were made, then closes every connection. Asked twice, it is one close. */
  close(): Promise<void> {
    return (this.#closed ??= this.enqueuer.close().finally(() => this.connections.close()));
  }

  /** Validates what the handler will receive, the encoded bytes parsed back; what is written stays the caller's own. */
  #check(jobName: string, argsJson: string): void | Promise<void> {
    const validator = this.#validatorsNow().get(jobName);
    if (!validator?.hasRules) return undefined;
    const checked = validator.validate({ args: JSON.parse(argsJson) as unknown, argsBytes: argsJson });
    return checked instanceof Promise ? checked.then(() => {}) : undefined;
  }

  #validatorsNow(): ReadonlyMap<string, ArgumentsValidator> {
    if (this.#validators) return this.#validators;
    const { validation } = this.options;
    const validators = new Map(
      this.jobs().map((job) => [job.name, new ArgumentsValidator(job.name, classOf(job), this.library, validation)]),
    );
    if (this.application.isComplete) this.#validators = validators;
    return validators;
  }
}

function classOf({ arguments: args }: DiscoveredJob): Type<object> | undefined {
  return args.kind === 'class' ? args.type : undefined;
}

function reportOf(name: string | undefined, events: WorkEvents): Report {
  const log = eventLog(workLogger(name));
  return oneEventEachWay((event) => {
    log(event);
    WorkEvents.tell(events, event);
  });
}

function redisEvents(report: Report, target: () => string) {
  return {
    onLost: (error: Error | undefined) => report({ type: 'redis_lost', target: target(), error }),
    onBack: (downMs: number) => report({ type: 'redis_back', target: target(), downMs }),
  };
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

import type { Logger } from '@nestjs/common';
import { Keyspace } from '#protocol';
import { Client, Connections, Enqueuer, START_TIMEOUT_MS, type Report } from '#engine';
import type { DiscoveredJob } from '../discovery/index.js';
import type { ResolvedWorkOptions } from '../options/resolved-work-options.js';
import type { ValidationLibrary } from '../validation/index.js';
import { eventLog, workLogger } from './event-log.js';
import { jobKnowledge } from './job-knowledge.js';
import { JobValidators } from './job-validators.js';
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
  /** Whether class-validator and class-transformer are there, or are not asked for. */
  readonly canValidate: boolean;
  readonly validators: JobValidators;
  readonly events: WorkEvents;
  readonly report: Report;
  readonly connections: Connections;
  readonly enqueuer: Enqueuer;
  readonly client: Client;
  readonly #commands: ReturnType<Connections['open']>;
  #closed: Promise<void> | undefined;

  constructor(parts: WorkInstanceParts) {
    const { name, options, application, library } = parts;
    application.register(name);
    this.name = name;
    this.options = options;
    this.application = application;
    this.canValidate = library !== undefined || options.validation === false;
    this.validators = new JobValidators({ ...parts, onRounded: roundingWarning(workLogger(name)) });
    this.events = new WorkEvents((error) => workLogger(name).error('A listener of WorkEvents failed', error));
    this.report = this.#makeReport();
    this.connections = this.#makeConnections();
    const keyspace = new Keyspace(options.namespace);
    this.enqueuer = this.#makeEnqueuer(keyspace);
    this.#commands = this.connections.open('commands');
    this.client = new Client({ redis: this.#commands, keyspace });
  }

  /**
   * Resolves when Redis answers.
   *
   * @param abandoned ends the wait
   * @throws RedisUnreachableError with host and port after 10 s, unless the application shall wait; RedisRefusedError; the
   * reason of `abandoned`
   */
  async answered(abandoned: AbortSignal): Promise<void> {
    const limitMs = this.options.whenRedisIsDown === 'wait' ? Infinity : START_TIMEOUT_MS;
    await this.connections.answered(this.#commands, limitMs, abandoned);
  }

  /** The jobs whose handlers are in this process. */
  jobs(): readonly DiscoveredJob[] {
    return this.application.jobsOf(this.name);
  }

  /** Waits for the enqueues that were made, then closes every connection. Asked twice, it is one close. */
  close(): Promise<void> {
    return (this.#closed ??= this.enqueuer.close().finally(() => this.connections.close()));
  }

  #makeReport(): Report {
    const log = eventLog(workLogger(this.name));
    return (event) => {
      log(event);
      WorkEvents.tell(this.events, event);
    };
  }

  #makeConnections(): Connections {
    const { report } = this;
    const connections: Connections = new Connections(this.options.connection, {
      onLost: (error) => report({ type: 'redis_lost', target: connections.target, error }),
      onBack: (downMs) => report({ type: 'redis_back', target: connections.target, downMs }),
    });
    return connections;
  }

  #makeEnqueuer(keyspace: Keyspace): Enqueuer {
    const { enqueueTimeoutMs, jsonEscapes } = this.options;
    return new Enqueuer({
      redis: this.connections.open('enqueue'),
      keyspace,
      timeoutMs: enqueueTimeoutMs,
      escapes: jsonEscapes,
      check: (jobName, args, argsJson) => this.validators.check(jobName, args, argsJson),
      knownJobs: jobKnowledge(this),
      report: this.report,
    });
  }
}

function roundingWarning(logger: Logger) {
  return (jobName: string) => (path: string) =>
    logger.warn(
      `The handler of job ${jobName} got ${path} rounded, an integer beyond what a number holds: read job.argsJson, or ` +
        'give the arguments a class in which it is a bigint.',
    );
}

import type { FactoryProvider, ModuleMetadata, Type } from '@nestjs/common';
import type { ConnectionSpec } from '#engine';
import type { WorkMiddleware } from '../execution/work-middleware.js';
import type { JobTuning } from './job-options.js';
import type { ValidationOptions } from './validation-options.js';

/** Every option of a WorkModule. Only `namespace` must be given. */
export interface WorkModuleOptions {
  /**
   * What all of the application's Redis keys begin with, 1 to 128 characters without control characters. Two applications
   * must not share one by accident, so it has no default.
   */
  readonly namespace: string;
  /**
   * Where Redis is: a URL, ioredis options (Sentinel included), the nodes of a Cluster, or a function that makes the
   * connection of each role.
   *
   * @default 'redis://127.0.0.1:6379'
   */
  readonly connection?: ConnectionSpec;
  /**
   * Whether this process runs jobs. `false` for one that only enqueues, such as an API.
   *
   * @default true
   */
  readonly worker?: boolean;
  /**
   * Jobs that run at once in this process, 1 to 10,000.
   *
   * @default 10
   */
  readonly concurrency?: number;
  /**
   * Milliseconds that an enqueue waits for Redis before it rejects with EnqueueTimeoutError, 100 to 600,000.
   *
   * @default 5000
   */
  readonly enqueueTimeoutMs?: number;
  /**
   * Milliseconds that running jobs get to end when the application stops, 0 to 3,600,000. Then their signal aborts.
   *
   * @default 25000
   */
  readonly gracePeriodMs?: number;
  /**
   * Milliseconds for which a job may block the event loop, 10,000 to 86,400,000. A process that is blocked for longer is
   * taken for dead, and others run its jobs again. Raise it for jobs that compute for minutes without an await.
   *
   * @default 120000
   */
  readonly maxBlockedMs?: number;
  /**
   * Put dead jobs of this process's types back into their queues where a pool of gocraft/work that shares the namespace sent
   * them to dead because it did not know their type ("unknown job when requeueing"): once at start, and then every 5 s.
   *
   * @default false
   */
  readonly retryUnknownJobs?: boolean;
  /**
   * When Redis cannot be reached at start: `'fail'` makes the start fail after 10 s, with host and port; `'wait'` starts
   * the application, and jobs run as soon as Redis answers.
   *
   * @default 'fail'
   */
  readonly whenRedisIsDown?: 'fail' | 'wait';
  /**
   * How arguments are validated: ValidationPipe's options. `false`: not at all.
   *
   * @default { whitelist: false, forbidNonWhitelisted: false, transform: true }
   */
  readonly validation?: ValidationOptions | false;
  /**
   * What wraps every job, the first one outermost: classes with `use(job, next)` that are providers of any module.
   *
   * @default none
   */
  readonly middleware?: readonly Type<WorkMiddleware>[];
  /**
   * Whether guards, interceptors, pipes and filters of the whole application (APP_GUARD, useGlobalGuards and the like)
   * apply to jobs as well. Those of the handler and its class always do.
   *
   * They were written for requests: a guard then sees the job's arguments as `switchToHttp().getRequest()`, so that arguments
   * like `{ "user": { "admin": true } }` pass for a signed-in user. Each must test `context.getType() === 'work'` first.
   * A filter of the whole application is run for its effect only; it never replaces the error of a job.
   *
   * @default false
   */
  readonly appWideEnhancers?: boolean;
  /**
   * Options of jobs by name. They win over those of the decorator, so that configuration can have the last word.
   *
   * @default none
   */
  readonly jobs?: Readonly<Record<string, JobTuning>>;
  /**
   * Jobs that this application may enqueue although no handler here declares them and no worker pool of the namespace has
   * registered them yet: those of a service that may start later. Any other unknown job rejects with `UnknownJobError`.
   * `'any'` accepts every name.
   *
   * @default []
   */
  readonly knownJobs?: readonly string[] | 'any';
  /**
   * `'go1.21'`: write a backspace and a form feed in arguments as Go up to 1.21 does (`\u0008`, `\u000c`). Matters only for
   * the uniqueness of jobs that such a Go service enqueues too.
   *
   * @default 'go1.22'
   */
  readonly jsonEscapes?: 'go1.22' | 'go1.21';
}

/** What stands beside the options, since it decides which tokens there are. */
export interface WorkModuleNaming {
  /**
   * Name of this instance, where an application has several: `@InjectEnqueuer(name)`, and `instance` of `@Job`.
   *
   * @default none: the Enqueuer is injected by its class
   */
  readonly name?: string;
}

export interface WorkOptionsFactory {
  createWorkOptions(): WorkModuleOptions | Promise<WorkModuleOptions>;
}

/** `T`, in which each property that `Known` has not can have no value: what a literal is checked for, and a function is not. */
type WithoutUnknown<T, Known> = T & { readonly [K in Exclude<keyof T, keyof Known>]: never };

/** So little that TypeScript infers all of it. */
export type GivenOptions = Pick<WorkModuleOptions, 'namespace'>;

/** As a factory may return them, without options that do not exist. */
export type KnownOptions<T extends GivenOptions> = WorkModuleOptions &
  WithoutUnknown<T, WorkModuleOptions> &
  (T extends { readonly validation: infer V extends object }
    ? { readonly validation: WithoutUnknown<V, ValidationOptions> }
    : unknown);

/** One of `useFactory`, `useClass` and `useExisting`. */
export interface WorkModuleAsyncOptions<T extends GivenOptions = WorkModuleOptions>
  extends WorkModuleNaming, Pick<ModuleMetadata, 'imports'> {
  readonly useFactory?: (...args: never[]) => KnownOptions<T> | Promise<KnownOptions<T>>;
  /** What `useFactory` is called with. */
  readonly inject?: FactoryProvider['inject'];
  readonly useClass?: Type<WorkOptionsFactory>;
  readonly useExisting?: Type<WorkOptionsFactory>;
}

import type { Type } from '@nestjs/common';
import type { ConnectionSpec } from '#engine';
import type { WorkMiddleware } from '../execution/work-middleware.js';
import { InvalidOptionError } from '../errors/index.js';
import type { JobTuning } from './job-options.js';
import { oneOf, plainObject, resolveEach, trueOrFalse, wholeNumber, type OptionRule } from './option-rules.js';
import type { ValidationOptions } from './validation-options.js';
import type { WorkModuleOptions } from './work-module-options.js';

/** Every option checked and filled in; `undefined` only where the engine has a default of its own. */
export interface ResolvedWorkOptions {
  readonly namespace: string;
  readonly connection: ConnectionSpec | undefined;
  readonly worker: boolean;
  readonly concurrency: number;
  readonly enqueueTimeoutMs: number;
  readonly gracePeriodMs: number;
  readonly whenRedisIsDown: 'fail' | 'wait';
  readonly validation: ValidationOptions | false;
  readonly middleware: readonly Type<WorkMiddleware>[];
  readonly appWideEnhancers: boolean;
  readonly jobs: Readonly<Record<string, JobTuning>>;
  readonly knownJobs: readonly string[] | 'any';
  readonly jsonEscapes: 'go1.22' | 'go1.21';
}

const isText = (value: unknown) => typeof value === 'string' && value.length > 0;
const isConnection = (value: unknown) => isText(value) || typeof value === 'function' || isObject(value);
const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
const isClassList = (value: unknown) => Array.isArray(value) && value.every((each) => typeof each === 'function');

const isNameList = (value: unknown) => value === 'any' || (Array.isArray(value) && value.every(isText));

/** What ValidationPipe takes and a job has no use for. */
const ONLY_FOR_REQUESTS = ['exceptionFactory', 'errorHttpStatusCode', 'expectedType', 'validateCustomDecorators'];

function isValidation(value: unknown): boolean {
  if (!isObject(value)) return value === false;
  return !Object.keys(value).some((option) => ONLY_FOR_REQUESTS.includes(option));
}

/** Each option's default, and why it is that. */
const RULES: { readonly [K in keyof ResolvedWorkOptions]: OptionRule } = {
  // No default: two applications must not share keys by accident.
  namespace: {
    allowed: 'text of 1 to 128 characters that names your application, for example "shop"',
    accepts: isText,
  },
  // ioredis' own forms, read by the engine; by default Redis on this machine.
  connection: { allowed: 'a URL, ioredis options, Cluster nodes or a function', accepts: isConnection, optional: true },
  // One process does both until it grows.
  worker: trueOrFalse(true),
  // gocraft's example; jobs mostly wait for I/O.
  concurrency: wholeNumber(10, 1, 10_000),
  // Long enough for a failover, short enough for a request that waits. ioredis alone waits for more than a minute.
  enqueueTimeoutMs: wholeNumber(5_000, 100, 600_000),
  // Sidekiq's, and below the 30 s after which Kubernetes kills.
  gracePeriodMs: wholeNumber(25_000, 0, 3_600_000),
  // A wrong host must not look like a slow one.
  whenRedisIsDown: oneOf('fail', ['fail', 'wait']),
  // ValidationPipe's, with instances of the class.
  validation: {
    allowed: `false, or ValidationPipe's options without ${ONLY_FOR_REQUESTS.join(', ')}`,
    accepts: isValidation,
    fallback: { transform: true },
  },
  middleware: { allowed: 'a list of classes', accepts: isClassList, fallback: [] },
  // They were written for requests, and a forged argument passes for a request.
  appWideEnhancers: trueOrFalse(false),
  jobs: plainObject({}),
  // A mistyped name must not become a job that nobody runs.
  knownJobs: { allowed: 'a list of job names, or "any"', accepts: isNameList, fallback: [] },
  // What a current Go writes.
  jsonEscapes: oneOf('go1.22', ['go1.22', 'go1.21']),
};

/**
 * Reads, checks and fills in the options, once.
 *
 * @throws InvalidOptionError naming the option, also for one that does not exist
 */
export function resolveWorkOptions(given: WorkModuleOptions): ResolvedWorkOptions {
  if (!isObject(given)) throw new InvalidOptionError('(all)', given, 'an object with at least a namespace');
  const resolved = resolveEach(RULES, given as unknown as Record<string, unknown>);
  return Object.freeze(resolved) as unknown as ResolvedWorkOptions;
}

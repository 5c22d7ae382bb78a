import type { Type } from '@nestjs/common';
import { doesNotExist } from '#protocol';
import {
  CONCURRENCY,
  DEFAULT_ENQUEUE_TIMEOUT_MS,
  GRACE_PERIOD_MS,
  MAX_BLOCKED_MS,
  WHEN_REDIS_IS_DOWN,
  type ConnectionSpec,
} from '#engine';
import type { WorkMiddleware } from '../execution/work-middleware.js';
import { InvalidOptionError } from '../errors/index.js';
import { TUNING, type JobTuning } from './job-options.js';
import { oneOf, resolveEach, trueOrFalse, wholeNumber, type OptionRule } from './option-rules.js';
import { TRANSFORM_OPTIONS, VALIDATION_OPTIONS, type ValidationOptions } from './validation-options.js';
import type { WorkModuleOptions } from './work-module-options.js';

/** Every option checked and filled in; `undefined` only where the engine has a default of its own. */
export interface ResolvedWorkOptions {
  readonly namespace: string;
  readonly connection: ConnectionSpec | undefined;
  readonly worker: boolean;
  readonly concurrency: number;
  readonly enqueueTimeoutMs: number;
  readonly gracePeriodMs: number;
  readonly maxBlockedMs: number;
  readonly retryUnknownJobs: boolean;
  readonly whenRedisIsDown: 'fail' | 'wait';
  readonly validation: ValidationOptions | false;
  readonly middleware: readonly Type<WorkMiddleware>[];
  readonly appWideEnhancers: boolean;
  readonly jobs: Readonly<Record<string, JobTuning>>;
  readonly knownJobs: readonly string[] | 'any';
  readonly jsonEscapes: 'go1.22' | 'go1.21' | undefined;
}

const isText = (value: unknown) => typeof value === 'string' && value.length > 0;
const isConnection = (value: unknown) => isText(value) || typeof value === 'function' || isObject(value);
const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
const isClassList = (value: unknown) => Array.isArray(value) && value.every((each) => typeof each === 'function');
const isObjectOfObjects = (value: unknown) =>
  isObject(value) && !Array.isArray(value) && Object.values(value).every(isObject);
const isNameList = (value: unknown) => value === 'any' || (Array.isArray(value) && value.every(isText));

/** What ValidationPipe takes and a job has no use for. */
const ONLY_FOR_REQUESTS = [
  'exceptionFactory',
  'errorHttpStatusCode',
  'expectedType',
  'validateCustomDecorators',
  'disableErrorMessages',
];

function isValidation(value: unknown): boolean {
  if (!isObject(value)) return value === false;
  return !Object.keys(value).some((option) => ONLY_FOR_REQUESTS.includes(option));
}

/** Each option's default, and why it is that; those of the engine's own options stand there. */
export const RULES: { readonly [K in keyof ResolvedWorkOptions]: OptionRule } = {
  // No default: two applications must not share keys by accident.
  namespace: {
    allowed: 'text of 1 to 128 characters that names your application, for example "shop"',
    accepts: isText,
  },
  // ioredis' own forms, read by the engine; by default Redis on this machine.
  connection: { allowed: 'a URL, ioredis options, Cluster nodes or a function', accepts: isConnection, optional: true },
  // One process does both until it grows.
  worker: trueOrFalse(true),
  concurrency: wholeNumber(CONCURRENCY),
  enqueueTimeoutMs: wholeNumber({ fallback: DEFAULT_ENQUEUE_TIMEOUT_MS, least: 100, most: 600_000 }),
  gracePeriodMs: wholeNumber(GRACE_PERIOD_MS),
  maxBlockedMs: wholeNumber(MAX_BLOCKED_MS),
  // Of use only beside pools of gocraft/work; others' dead jobs are left alone unless somebody says so.
  retryUnknownJobs: trueOrFalse(false),
  whenRedisIsDown: oneOf(WHEN_REDIS_IS_DOWN.values, WHEN_REDIS_IS_DOWN.fallback),
  // ValidationPipe's, with instances of the class.
  validation: {
    allowed: `false, or ValidationPipe's options without ${ONLY_FOR_REQUESTS.join(', ')}`,
    accepts: isValidation,
    fallback: {},
  },
  middleware: { allowed: 'a list of classes', accepts: isClassList, fallback: [] },
  // They were written for requests, and a forged argument passes for a request.
  appWideEnhancers: trueOrFalse(false),
  jobs: { allowed: 'an object that has the options of jobs by their names', accepts: isObjectOfObjects, fallback: {} },
  // A mistyped name must not become a job that nobody runs.
  knownJobs: { allowed: 'a list of job names, or "any"', accepts: isNameList, fallback: [] },
  jsonEscapes: { ...oneOf(['go1.22', 'go1.21']), optional: true },
};

/** Configuration is not type-checked: a mistyped option would be one that is not given. */
function refuseUnknown(within: string, given: object, known: readonly string[]): void {
  const unknown = Object.keys(given).find((option) => !known.includes(option));
  if (unknown !== undefined) throw new InvalidOptionError(`${within}.${unknown}`, given, doesNotExist(unknown, known));
}

function refuseUnknownInside({ jobs, validation }: ResolvedWorkOptions): void {
  for (const [name, tuning] of Object.entries(jobs)) refuseUnknown(`jobs.${name}`, tuning, TUNING);
  if (validation === false) return;
  refuseUnknown('validation', validation, VALIDATION_OPTIONS);
  refuseUnknown('validation.transformOptions', validation.transformOptions ?? {}, TRANSFORM_OPTIONS);
}

/**
 * Reads, checks and fills in the options, once.
 *
 * @throws InvalidOptionError naming the option, also for one that does not exist
 */
export function resolveWorkOptions(given: WorkModuleOptions): ResolvedWorkOptions {
  if (!isObject(given)) throw InvalidOptionError.ofAll(given);
  const resolved = resolveEach(RULES, given as unknown as Record<string, unknown>) as unknown as ResolvedWorkOptions;
  refuseUnknownInside(resolved);
  return Object.freeze(resolved);
}

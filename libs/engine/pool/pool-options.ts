import { Keyspace } from '#protocol';
import { Connections, type ConnectionSpec } from '#store';
import { safeReport } from '../background/index.js';
import { assertOptions } from '../engine-options.js';
import type { Report } from '../events.js';
import { isWhole } from '../whole-number.js';
import { InvalidPoolOptionError } from './pool-errors.js';

/** Where a pool works, and how. Only `namespace` must be given. */
export interface WorkerPoolOptions {
  /** What all keys begin with, 1 to 128 characters without control characters. */
  readonly namespace: string;
  /**
   * Where Redis is, or connections to it: the pool opens and closes its own besides, and whoever made the given ones is told
   * of a loss, once for all of them, instead of `report`.
   *
   * @default 'redis://127.0.0.1:6379'
   */
  readonly connection?: ConnectionSpec | Connections | undefined;
  /** Jobs that run at once, 1 to 10,000. @default 10 */
  readonly concurrency?: number | undefined;
  /** Milliseconds that running jobs get to end when the pool stops, 0 to 3,600,000. @default 25000 */
  readonly gracePeriodMs?: number | undefined;
  /**
   * `'fail'`: `start` rejects where Redis does not answer for 10 s. `'wait'`: it waits. What Redis refuses (a login, a
   * replica) rejects at once in either case.
   *
   * @default 'fail'
   */
  readonly whenRedisIsDown?: 'fail' | 'wait' | undefined;
  /** Beat in a thread of its own, which a blocked event loop does not stop. @default true */
  readonly heartbeatThread?: boolean | undefined;
  /**
   * Milliseconds for which a job may block the event loop, 10,000 to 86,400,000. A pool that is blocked for longer stops
   * beating in its thread, and other pools run its jobs again. Raise it for jobs that compute for minutes without an
   * await; lower it so that a job in an endless loop is noticed sooner. Without a thread, 10 s are too many in any case.
   *
   * @default 120000
   */
  readonly maxBlockedMs?: number | undefined;
  /**
   * Put dead jobs of this pool's types back into their queues where a pool of gocraft/work sent them to dead because it did
   * not know their type ("unknown job when requeueing"): once at start, and then every 5 s. @default false
   */
  readonly retryUnknownJobs?: boolean | undefined;
  /** Told what happens. @default nobody */
  readonly report?: Report | undefined;
  /** At least 0 and less than 1. @default Math.random */
  readonly random?: (() => number) | undefined;
}

/** Every option with its default filled in. */
export interface ResolvedPoolOptions {
  readonly keyspace: Keyspace;
  readonly connection: ConnectionSpec | Connections | undefined;
  readonly concurrency: number;
  readonly gracePeriodMs: number;
  readonly startTimeoutMs: number;
  readonly heartbeatThread: boolean;
  readonly maxBlockedMs: number;
  readonly retryUnknownJobs: boolean;
  readonly report: Report;
  readonly random: () => number;
}

/** What a number may be, and what it is where it is not given. */
export interface NumberOption {
  readonly fallback: number;
  readonly least: number;
  readonly most: number;
}

/** gocraft/work's example; jobs mostly wait for others. */
export const CONCURRENCY: NumberOption = { fallback: 10, least: 1, most: 10_000 };
/** Sidekiq's; below the 30 s that Kubernetes gives. */
export const GRACE_PERIOD_MS: NumberOption = { fallback: 25_000, least: 0, most: 3_600_000 };
/** A wrong host must not look like a slow one. */
export const WHEN_REDIS_IS_DOWN = { fallback: 'fail', values: ['fail', 'wait'] } as const;
/** Long computations are rarer than endless loops. Less than 10 s would be shorter than what others wait for a beat. */
export const MAX_BLOCKED_MS: NumberOption = { fallback: 120_000, least: 10_000, most: 86_400_000 };
/** How long a start waits for Redis before it fails. */
export const START_TIMEOUT_MS = 10_000;

const OPTIONS = [
  'namespace',
  'connection',
  'concurrency',
  'gracePeriodMs',
  'whenRedisIsDown',
  'heartbeatThread',
  'maxBlockedMs',
  'retryUnknownJobs',
  'report',
  'random',
] as const satisfies readonly (keyof WorkerPoolOptions)[];

/** @throws InvalidNamespaceError, InvalidConnectionError, InvalidPoolOptionError, InvalidEngineOptionError */
export function resolvePoolOptions(options: WorkerPoolOptions): ResolvedPoolOptions {
  assertOptions('WorkerPool', options, OPTIONS);
  const { concurrency = CONCURRENCY.fallback, gracePeriodMs = GRACE_PERIOD_MS.fallback } = options;
  const { whenRedisIsDown = WHEN_REDIS_IS_DOWN.fallback, maxBlockedMs = MAX_BLOCKED_MS.fallback } = options;
  Connections.check(options.connection);
  checkRange('concurrency', concurrency, CONCURRENCY);
  checkRange('gracePeriodMs', gracePeriodMs, GRACE_PERIOD_MS);
  checkRange('maxBlockedMs', maxBlockedMs, MAX_BLOCKED_MS);
  if (!WHEN_REDIS_IS_DOWN.values.includes(whenRedisIsDown))
    throw new InvalidPoolOptionError('whenRedisIsDown', whenRedisIsDown, `'fail' or 'wait'`);
  const { heartbeatThread = true, retryUnknownJobs = false } = options;
  checkTrueOrFalse('heartbeatThread', heartbeatThread);
  checkTrueOrFalse('retryUnknownJobs', retryUnknownJobs);
  return Object.freeze({
    keyspace: new Keyspace(options.namespace),
    connection: options.connection,
    concurrency,
    gracePeriodMs,
    startTimeoutMs: whenRedisIsDown === 'wait' ? Infinity : START_TIMEOUT_MS,
    heartbeatThread,
    maxBlockedMs,
    retryUnknownJobs,
    report: options.report ? safeReport(options.report) : () => undefined,
    random: options.random ?? Math.random,
  });
}

export function checkRange(option: string, value: unknown, { least, most }: NumberOption): void {
  if (isWhole(value, least, most)) return;
  throw new InvalidPoolOptionError(option, value, `a whole number from ${least} to ${most}`);
}

/** The text "false" of an environment would count as true. */
function checkTrueOrFalse(option: string, value: unknown): void {
  if (typeof value !== 'boolean') throw new InvalidPoolOptionError(option, value, 'true or false');
}

import type { GoJsonOptions } from '#protocol';
import type { Clock } from '../clock.js';
import { CONNECTION_OPTIONS, type GivenConnection, type OwnConnection } from '../connection-in-use.js';
import type { Report } from '../events.js';

/**
 * Looks at a job before it is written: an unknown name, arguments that its handler will not take. What it throws, or
 * rejects with, is what the caller of the enqueuer gets, and nothing is written.
 *
 * @param args as the caller gave them
 * @param argsJson the same as they will be stored, for parsing back what the handler will receive
 */
export type CheckArguments = (jobName: string, args: object | null, argsJson: string) => void | Promise<void>;

/** Which jobs may be enqueued besides those that the namespace knows already. */
export interface JobKnowledge {
  /** Whether this process knows the job: it has its handler, or was told that another has. */
  readonly has: (jobName: string) => boolean;
  /** What `UnknownJobError` advises, as sentences. */
  readonly advice?: (jobName: string) => string;
}

/**
 * Where an `Enqueuer` writes, and how: `{ namespace, connection }` for a connection of its own, or `{ redis, keyspace }` with
 * one of the role `enqueue`, which it does not close.
 */
export type EnqueuerOptions = (OwnConnection | GivenConnection) & EnqueuerSettings;

/** How an `Enqueuer` works, wherever it is. */
export interface EnqueuerSettings {
  /**
   * How long a call waits for Redis, in milliseconds, 1 to 3,600,000; where a reply is under way then, up to 250 ms more.
   *
   * @default 5000
   */
  readonly timeoutMs?: number;
  /**
   * How backspace and form feed stand in JSON, which matters where Go makes the same uniqueness keys.
   *
   * @default 'go1.22'
   */
  readonly escapes?: GoJsonOptions['escapes'];
  readonly check?: CheckArguments | undefined;
  /**
   * Given, a job that neither this knows nor the namespace (no worker pool there has ever registered it, no other producer
   * enqueued it) rejects with `UnknownJobError`, and nothing is written.
   *
   * @default every job is accepted, as in gocraft/work
   */
  readonly knownJobs?: JobKnowledge | undefined;
  readonly report?: Report | undefined;
  /**
   * Where the time comes from. A `RedisClock` is fed with the time of each reply.
   *
   * @default Redis' own time
   */
  readonly clock?: Clock | undefined;
}

export const DEFAULT_ENQUEUE_TIMEOUT_MS = 5_000;

const SETTINGS = [
  'timeoutMs',
  'escapes',
  'check',
  'knownJobs',
  'report',
  'clock',
] as const satisfies readonly (keyof EnqueuerSettings)[];

export const ENQUEUER_OPTIONS: readonly string[] = [...CONNECTION_OPTIONS, ...SETTINGS];

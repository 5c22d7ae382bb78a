import type { Keyspace } from '#protocol';
import type { Settlement, WorkRedis } from '#store';
import type { Clock } from '../clock.js';
import type { Report } from '../events.js';
import type { Waker } from '../waker/index.js';
import type { HeldJob } from './state/held-job.js';
import type { FetchedType } from './state/queue-beliefs.js';

/** The pool's registration in Redis. */
export interface Membership {
  /** The id that the pool has now. */
  readonly poolId: string;
  /** Registers a new id, after the pool was taken for dead under the old one. Answers the new id. */
  renew(): Promise<string>;
  /** Milliseconds since Redis last accepted a heartbeat of the present id. */
  beatAgeMs(): number;
}

/** What the Fetcher needs of the Waker. */
export type WakeUps = Pick<Waker, 'isTracking' | 'listen' | 'arm'>;

/** Runs a job and says what becomes of it. Never rejects. */
export type RunJob = (job: HeldJob) => Promise<Settlement>;

export interface FetcherOptions {
  /** A connection for this alone, whose offline queue and resending are off. */
  readonly redis: WorkRedis;
  readonly keyspace: Keyspace;
  readonly membership: Membership;
  readonly jobTypes: readonly FetchedType[];
  /** 1 to 10,000 jobs at a time. */
  readonly concurrency: number;
  readonly run: RunJob;
  readonly waker: WakeUps;
  readonly clock: Clock;
  /** At least 0 and less than 1. */
  readonly random: () => number;
  readonly report: Report;
  /** Called when Redis has confirmed what became of a job: what statistics count. */
  readonly onSettled?: (job: HeldJob, settlement: Settlement) => void;
}

import type { Keyspace } from '#protocol';
import type { WorkRedis } from '#store';
import type { RedisOptions } from 'ioredis';
import type { Clock } from '../clock.js';
import type { Report } from '../events.js';
import type { LivenessIntervals } from './beat/beat-and-watch.js';
import type { PoolRegistration } from './beat/pool-registration.js';

export interface LivenessOptions extends LivenessIntervals {
  readonly registration: PoolRegistration;
  readonly keyspace: Keyspace;
  readonly clock: Clock;
  /** Opens a `beat` connection, where there is no thread. */
  readonly connect: () => WorkRedis;
  /** Closes what `connect` opened. */
  readonly disconnect: (redis: WorkRedis) => void;
  /** Of the `beat` connection, for the thread: plain data. Undefined: there are none, and the warning says so. */
  readonly threadConnection: RedisOptions | undefined;
  /** False: on the application's thread, without a warning. @default true */
  readonly useThread?: boolean | undefined;
  /** @default beat/beat-thread.js beside this file */
  readonly threadFile?: string | undefined;
  /**
   * A pool whose event loop is blocked for longer than this stops beating, and other pools take its jobs over. Less means
   * that a long computation looks like a death; more, that an endless loop keeps its job for longer.
   */
  readonly maxBlockedMs: number;
  /** The pool with this id is no member any more: renew the registration, and give up what it held. */
  readonly onFenced: (poolId: string) => void;
  /** Redis' time, milliseconds since the epoch, with each beat: `RedisClock.sample`. */
  readonly onRedisTime?: (redisMs: number) => void;
  readonly report: Report;
}

import type { Keyspace } from '#protocol';
import type { WorkRedis } from '#store';
import type { Clock } from '../../clock.js';
import type { Report } from '../../events.js';
import { DeadPoolReaper } from '../reap/dead-pool-reaper.js';
import { Heartbeater, type AcceptedBeat } from './heartbeater.js';
import type { PoolIdentity } from './pool-identity.js';

/** Intervals in milliseconds, by default those of the roles. */
export interface LivenessIntervals {
  readonly beatMs?: number | undefined;
  readonly lookMs?: number | undefined;
}

export interface BeatAndWatchOptions extends LivenessIntervals {
  /** The `beat` connection, for these two alone. */
  readonly redis: WorkRedis;
  readonly keyspace: Keyspace;
  readonly identity: () => PoolIdentity | undefined;
  readonly clock: Clock;
  readonly mayBeat?: () => boolean;
  readonly onAccepted: (beat: AcceptedBeat) => void;
  readonly onFenced: (poolId: string) => void;
  readonly report: Report;
}

/** Of one server only: of a Cluster the nodes that come and go. */
const SERVER_CHANGES = ['close', 'ready', '+node', '-node'] as const;

/**
 * The heartbeat and the watch over others, on one connection: only who was himself heard by a server a moment ago may judge
 * by what that server says of others.
 */
export class BeatAndWatch {
  readonly heartbeater: Heartbeater;
  readonly reaper: DeadPoolReaper;

  constructor(private readonly options: BeatAndWatchOptions) {
    const { beatMs, lookMs, ...common } = options;
    this.heartbeater = new Heartbeater({
      ...common,
      intervalMs: beatMs,
      onFailed: () => this.reaper.forgetCounts(),
    });
    this.reaper = new DeadPoolReaper({
      ...common,
      lookIntervalMs: lookMs,
      poolId: () => options.identity()?.poolId,
      ownBeatAgeMs: () => this.heartbeater.acceptedAgeMs(),
    });
  }

  start(): void {
    this.watchConnection();
    this.heartbeater.start();
    this.reaper.start();
  }

  /** Part of `start`: whatever was counted ends with the connection. */
  watchConnection(): void {
    for (const change of SERVER_CHANGES) this.options.redis.on(change, this.#onServerChange);
    this.options.redis.on('ready', this.#onReady);
  }

  /** What is under way ends when the connection is closed, which the caller does before or meanwhile. */
  async stop(): Promise<void> {
    for (const change of SERVER_CHANGES) this.options.redis.off(change, this.#onServerChange);
    this.options.redis.off('ready', this.#onReady);
    await Promise.all([this.heartbeater.stop(), this.reaper.stop()]);
  }

  readonly #onServerChange = () => {
    this.heartbeater.forgetAccepted();
    this.reaper.forgetCounts();
  };

  readonly #onReady = () => this.heartbeater.wake();
}

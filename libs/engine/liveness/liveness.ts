import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { WorkRedis } from '#store';
import { here } from '../here.js';
import { BeatAndWatch } from './beat/beat-and-watch.js';
import type { LivenessOptions } from './liveness-options.js';
import { LivenessThread } from './beat/liveness-thread.js';

/**
 * Keeps a pool alive in the eyes of others, and watches whether they are: in a worker thread, or where that cannot be, on
 * the application's, with one warning.
 */
export class Liveness {
  #thread: LivenessThread | undefined;
  #local: { readonly redis: WorkRedis; readonly beatAndWatch: BeatAndWatch } | undefined;

  constructor(private readonly options: LivenessOptions) {}

  get isInThread(): boolean {
    return this.#thread !== undefined;
  }

  /** Call it when the pool is registered. */
  start(): void {
    const {
      useThread = true,
      threadConnection,
      threadFile = join(here, 'liveness', 'beat', 'beat-thread.js'),
    } = this.options;
    if (!useThread) this.#startLocally();
    else if (!threadConnection)
      this.#startLocally('the connection options hold functions or name a Cluster, which no thread can be given');
    else if (!existsSync(threadFile))
      this.#startLocally(`${threadFile} is missing (a bundler that makes one file must leave nestjs-work out)`);
    else this.#startThread(threadFile);
  }

  /** Call it when the pool has left. */
  async stop(): Promise<void> {
    const [thread, local] = [this.#thread, this.#local];
    this.#thread = this.#local = undefined;
    await thread?.stop();
    if (!local) return;
    const stopped = local.beatAndWatch.stop();
    this.options.disconnect(local.redis);
    await stopped;
  }

  #startThread(threadFile: string): void {
    const { threadConnection = {} } = this.options;
    this.#thread = new LivenessThread(this.options, threadConnection, threadFile, (error) => {
      this.#thread?.release();
      this.#thread = undefined;
      this.#startLocally(`its thread ended: ${error instanceof Error ? error.message : String(error)}`);
    });
  }

  #startLocally(reason?: string): void {
    if (reason) this.#warn(reason);
    const { registration, keyspace, clock, onRedisTime, onFenced, report, beatMs, lookMs } = this.options;
    const redis = this.options.connect();
    const beatAndWatch = new BeatAndWatch({
      redis,
      keyspace,
      clock,
      onFenced,
      report,
      beatMs,
      lookMs,
      identity: () => registration.identity,
      onAccepted: ({ sentAtMs, redisMs }) => {
        registration.vitals.beatAccepted(sentAtMs);
        onRedisTime?.(redisMs);
      },
    });
    this.#local = { redis, beatAndWatch };
    beatAndWatch.start();
  }

  #warn(reason: string): void {
    this.options.report({
      type: 'warning',
      code: 'WORK_BEAT_ON_MAIN_THREAD',
      message:
        `The heartbeat runs on the application's thread, because ${reason}. A handler that blocks the event loop for 10 s ` +
        'then looks like a dead process, and its jobs run again elsewhere.',
    });
  }
}

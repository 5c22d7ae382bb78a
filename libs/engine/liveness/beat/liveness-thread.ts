import { once } from 'node:events';
import { clearInterval, clearTimeout, setInterval, setTimeout } from 'node:timers';
import { Worker } from 'node:worker_threads';
import type { RedisOptions } from 'ioredis';
import type { LivenessOptions } from '../liveness-options.js';
import { threadFlags } from './thread-flags.js';
import { processMonotonicMs, type BeatThreadData, type FromThread, type ToThread } from './thread-messages.js';

/** How often the event loop shows that it turns. */
const TURN_MS = 1_000;
/** A thread that does not end by itself is ended. */
const STOP_MS = 1_000;

/** Beats and watches in a thread of its own, so that a handler that blocks the event loop does not look like a death. */
export class LivenessThread {
  readonly #worker: Worker;
  readonly #turns: NodeJS.Timeout;
  readonly #unsubscribe: () => void;
  #isStopping = false;

  constructor(
    private readonly options: LivenessOptions,
    connection: RedisOptions,
    threadFile: string,
    /** It ended though nobody stopped it. */
    onLost: (error: unknown) => void,
  ) {
    const { registration } = options;
    registration.vitals.loopTurned();
    this.#worker = new Worker(threadFile, {
      name: 'nestjs-work',
      workerData: this.#data(connection),
      execArgv: threadFlags(process.execArgv),
    });
    this.#worker.unref();
    this.#worker.on('message', (message: FromThread) => this.#receive(message));
    this.#worker.once('error', (error) => this.#isStopping || onLost(error));
    this.#worker.once('exit', (code) => code === 0 && !this.#isStopping && onLost(new Error('it ended by itself')));
    this.#turns = setInterval(() => registration.vitals.loopTurned(), TURN_MS).unref();
    this.#unsubscribe = registration.onChange((identity) => this.#tell({ kind: 'identity', identity }));
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    this.release();
    if (this.#worker.threadId === -1) return;
    this.#worker.ref();
    const ended = once(this.#worker, 'exit');
    this.#tell({ kind: 'stop' });
    const timer = setTimeout(() => void this.#worker.terminate(), STOP_MS);
    await ended.catch(() => {});
    clearTimeout(timer);
  }

  /** Ends what runs on this side. */
  release(): void {
    clearInterval(this.#turns);
    this.#unsubscribe();
  }

  #data(connection: RedisOptions): BeatThreadData {
    const { registration, keyspace, clock, beatMs, lookMs, maxBlockedMs } = this.options;
    return {
      connection,
      namespace: keyspace.namespace,
      identity: registration.identity,
      vitals: registration.vitals.shared,
      monotonicOffsetMs: clock.monotonicMs() - processMonotonicMs(),
      nowMs: clock.nowMs(),
      maxBlockedMs,
      beatMs,
      lookMs,
    };
  }

  #receive(message: FromThread): void {
    const { clock, onRedisTime, onFenced, report } = this.options;
    if (message.kind === 'time') onRedisTime?.(message.redisMs + clock.monotonicMs() - message.atMs);
    else if (message.kind === 'fenced') onFenced(message.poolId);
    else report(message.event);
  }

  #tell(message: ToThread): void {
    this.#worker.postMessage(message);
  }
}

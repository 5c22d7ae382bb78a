import { setTimeout as sleep } from 'node:timers/promises';
import { newId, type Keyspace } from '#protocol';
import { isLostConnection, touchKey, type Connections, type WorkRedis } from '#store';
import type { Redis } from 'ioredis';
import { watchLoss } from './watch-loss.js';

const CHANNEL = '__redis__:invalidate';
/** After the answer to the change that is to be told of. */
const SILENCE_MS = 2_000;

/** Redis sends nothing of the changes that it was asked to tell of. */
export class TrackingSilentError extends Error {}

/**
 * The two connections by which Redis tells of changes: keys that are read on `arm` are told of on `listen`, each once. The
 * listener speaks RESP2, since as RESP3 it is accepted as a target and receives nothing.
 */
export class Tracking {
  readonly arm: WorkRedis;
  readonly #listen: Redis;
  readonly #testKey: string;
  #listenerId: number | undefined;
  #onTest: (() => void) | undefined;

  constructor(
    private readonly connections: Connections,
    keyspace: Keyspace,
    /** The changed keys; undefined: everything changed (FLUSHALL). */
    private readonly onChange: (keys: readonly string[] | undefined) => void,
    private readonly silenceMs = SILENCE_MS,
  ) {
    this.arm = connections.open('arm');
    this.#listen = connections.open('listen') as Redis;
    this.#testKey = keyspace.ext.wake(newId());
    this.#listen.on('messageBuffer', (_channel: Buffer, keys: readonly Buffer[] | null) => this.#told(keys));
  }

  /** Changes of one server can be told of; those of a Cluster's nodes are not. */
  get isPossible(): boolean {
    return !this.arm.isCluster && !this.#listen.isCluster;
  }

  onReady(listener: () => void): void {
    for (const redis of [this.arm, this.#listen]) redis.on('ready', listener);
  }

  onLost(listener: () => void): void {
    for (const redis of [this.arm, this.#listen]) redis.on('close', listener);
  }

  get isConnected(): boolean {
    return this.arm.status === 'ready' && this.#listen.status === 'ready';
  }

  /**
   * Turns it on, and sees that it works. To be done anew whenever one of the two has reconnected.
   *
   * @throws Redis' error where it knows no tracking or forbids it, TrackingSilentError where nothing comes, an error of
   * `isLostConnection` where one of the two was lost meanwhile
   */
  async turnOn(): Promise<void> {
    const watch = watchLoss([this.arm, this.#listen]);
    try {
      await this.#direct();
      await this.#test(watch.lost);
      watch.lost.throwIfAborted();
    } catch (error) {
      throw await this.#cause(error, watch.lost);
    } finally {
      watch.end();
    }
  }

  forgetListener(): void {
    if (this.#listen.status !== 'ready') this.#listenerId = undefined;
  }

  /** So that a connection which swallows everything is noticed. */
  async ping(): Promise<void> {
    await Promise.all([this.arm.ping(), this.#listen.ping()]);
  }

  close(): void {
    this.connections.discard(this.arm);
    this.connections.discard(this.#listen);
  }

  #told(keys: readonly Buffer[] | null): void {
    const names = keys?.map(String);
    if (names?.length === 1 && names[0] === this.#testKey) this.#onTest?.();
    else this.onChange(names);
  }

  async #direct(): Promise<void> {
    // A connection that has subscribed cannot be asked for its id any more; subscribed it stays until it is lost.
    const listenerId = (this.#listenerId ??= await this.#listen.client('ID'));
    await this.#listen.subscribe(CHANNEL);
    await this.arm.call('CLIENT', 'TRACKING', 'ON', 'REDIRECT', String(listenerId));
  }

  async #test(lost: AbortSignal): Promise<void> {
    let isTold = false;
    const told = new AbortController();
    this.#onTest = () => {
      isTold = true;
      told.abort();
    };
    try {
      await this.#touch();
      const ended = AbortSignal.any([told.signal, lost]);
      if (!ended.aborted) await sleep(this.silenceMs, undefined, { signal: ended }).catch(() => undefined);
      // What waited in the socket while the process was busy comes before this answer.
      if (!ended.aborted) await this.ping();
    } finally {
      this.#onTest = undefined;
    }
    if (!isTold && !lost.aborted) throw new TrackingSilentError('it accepts CLIENT TRACKING and tells of nothing');
  }

  /** No listener that Redis knows, or none that hears, is no refusal where it was lost: the ping of a lost one fails. */
  async #cause(error: unknown, lost: AbortSignal): Promise<unknown> {
    const ofPing: unknown = lost.aborted ? undefined : await this.ping().catch((thrown: unknown) => thrown);
    return [lost.reason as unknown, ofPing].find(isLostConnection) ?? error;
  }

  async #touch(): Promise<void> {
    await this.arm.exists(this.#testKey);
    await touchKey(this.arm, this.#testKey);
  }
}

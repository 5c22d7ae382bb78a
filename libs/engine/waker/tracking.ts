import { clearTimeout, setTimeout } from 'node:timers';
import { newId, type Keyspace } from '#protocol';
import { touchKey, type Connections, type WorkRedis } from '#store';
import type { Redis } from 'ioredis';

const CHANNEL = '__redis__:invalidate';
const TEST_TIMEOUT_MS = 2_000;

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
   * @throws Redis' error where it knows no tracking or forbids it, TrackingSilentError where nothing comes
   */
  async turnOn(): Promise<void> {
    // A connection that has subscribed cannot be asked for its id any more; subscribed it stays until it is lost.
    this.#listenerId ??= await this.#listen.client('ID');
    await this.#listen.subscribe(CHANNEL);
    await this.arm.call('CLIENT', 'TRACKING', 'ON', 'REDIRECT', String(this.#listenerId));
    await this.#test();
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

  async #test(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const told = new Promise<void>((resolve, reject) => {
      this.#onTest = resolve;
      const silent = new TrackingSilentError('it accepts CLIENT TRACKING and tells of nothing');
      timer = setTimeout(() => reject(silent), TEST_TIMEOUT_MS);
    });
    try {
      await Promise.all([told, this.#touch()]);
    } finally {
      clearTimeout(timer);
      this.#onTest = undefined;
    }
  }

  async #touch(): Promise<void> {
    await this.arm.exists(this.#testKey);
    await touchKey(this.arm, this.#testKey);
  }
}

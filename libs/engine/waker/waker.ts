import { clearTimeout, setTimeout } from 'node:timers';
import type { Keyspace } from '#protocol';
import { armWakeups, blockingKeys, isErrorReply, isPassingError, type BlockedQueue, type Connections } from '#store';
import type { Report } from '../events.js';
import { RepeatingTask } from '../background/index.js';
import type { WaitingSet } from '../time/index.js';
import { Tracking, TrackingSilentError } from './tracking.js';

export interface WakerListener {
  /** The queue may have work now. */
  readonly onQueue?: (jobName: string) => void;
  /** Something entered or left the sorted set. */
  readonly onWaitingSet?: (set: WaitingSet) => void;
  /** Whatever was armed is not any more, and anything may have changed: ask everything anew. */
  readonly onEverything?: () => void;
}

export interface WakerOptions {
  readonly connections: Connections;
  readonly keyspace: Keyspace;
  readonly report: Report;
  /** Monotonic. */
  readonly nowMs?: () => number;
  /** How long Redis may take to tell of a change that it has answered. @default 2_000 */
  readonly silenceMs?: number;
}

const QUEUES_PER_CALL = 200;
const PING_MS = 5_000;
/** Rights are granted and proxies replaced while a pool runs; a try costs a handful of commands. */
const REFUSED_PAUSE_MS = 60_000;
/** A busy set changes all the time; the requeuer looks once a second in any case. */
const WAITING_SETS_REARM_MS = 100;

/**
 * Wakes the pool within a millisecond of an enqueue, a resume, a lock released or a limit raised, by any client, unmodified
 * Go ones included: Redis tells of the keys that block a queue. Where it cannot, `isTracking` is false, and the pool polls.
 */
export class Waker {
  readonly #listeners = new Set<WakerListener>();
  readonly #jobOfKey = new Map<string, string>();
  readonly #waitingSets: ReadonlyMap<string, WaitingSet>;
  readonly #setUp: RepeatingTask;
  readonly #nowMs: () => number;
  #tracking: Tracking | undefined;
  #isTracking = false;
  /** -Infinity: at once. */
  #tryAtMs = -Infinity;
  #toldReason: string | undefined;
  #rearm: NodeJS.Timeout | undefined;

  constructor(private readonly options: WakerOptions) {
    this.#nowMs = options.nowMs ?? (() => performance.now());
    const { keyspace } = options;
    this.#waitingSets = new Map([
      [keyspace.scheduled, 'scheduled'],
      [keyspace.retry, 'retry'],
    ]);
    this.#setUp = new RepeatingTask({
      role: 'Waker',
      report: options.report,
      pass: () => this.runOnce(),
      delayMs: () => PING_MS,
    });
  }

  /** Whether changes are told of now. Where not, poll at least once a second. */
  get isTracking(): boolean {
    return this.#isTracking;
  }

  /** Returns what ends the listening. */
  listen(listener: WakerListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  start(): void {
    if (this.#tracking) return;
    const { connections, keyspace, silenceMs } = this.options;
    const tracking = new Tracking(connections, keyspace, (keys) => this.#changed(keys), silenceMs);
    this.#tracking = tracking;
    tracking.onReady(() => this.#ready());
    tracking.onLost(() => this.#lost());
    this.#setUp.start();
  }

  async stop(): Promise<void> {
    clearTimeout(this.#rearm);
    this.#rearm = undefined;
    this.#tracking?.close();
    this.#isTracking = false;
    await this.#setUp.stop();
    this.#tracking = undefined;
  }

  /**
   * From now on a change of what blocks these queues is told, once each.
   *
   * @returns those that are blocked no longer; empty where nothing can be armed, since then the pool polls
   */
  async arm(blocked: readonly BlockedQueue[]): Promise<readonly string[]> {
    const free: string[] = [];
    for (let at = 0; at < blocked.length && this.#isTracking; at += QUEUES_PER_CALL)
      free.push(...(await this.#armChunk(blocked.slice(at, at + QUEUES_PER_CALL))));
    return free;
  }

  /** Sets the tracking up where it is not and may be, else sees whether both connections live. */
  async runOnce(): Promise<{ readonly isTracking: boolean }> {
    const tracking = this.#tracking;
    try {
      if (tracking?.isConnected && this.#isTracking) await tracking.ping();
      else if (tracking?.isConnected && this.#nowMs() >= this.#tryAtMs) await this.#turnOn(tracking);
    } catch (error) {
      this.#lostBy(error);
      if (!isExplained(error)) throw error;
    }
    return { isTracking: this.#isTracking };
  }

  async #turnOn(tracking: Tracking): Promise<void> {
    if (!tracking.isPossible) return this.#refused('a Cluster tells of changes node by node');
    await tracking.turnOn();
    this.#jobOfKey.clear();
    this.#isTracking = true;
    await this.#armWaitingSets();
    this.#tellEverything();
  }

  async #armChunk(blocked: readonly BlockedQueue[]): Promise<readonly string[]> {
    const { keyspace } = this.options;
    for (const queue of blocked) for (const key of blockingKeys(keyspace, queue)) this.#jobOfKey.set(key, queue.name);
    try {
      return await armWakeups(this.#tracking!.arm, keyspace, blocked);
    } catch (error) {
      this.#failed(error);
      return [];
    }
  }

  async #armWaitingSets(): Promise<void> {
    const arm = this.#tracking?.arm;
    if (arm && this.#isTracking) await armWakeups(arm, this.options.keyspace, [], [...this.#waitingSets.keys()]);
  }

  #changed(keys: readonly string[] | undefined): void {
    if (!keys) this.#jobOfKey.clear();
    for (const key of keys ?? this.#waitingSets.keys()) this.#changedKey(key);
    if (!keys) this.#tellEverything();
  }

  #changedKey(key: string): void {
    const jobName = this.#jobOfKey.get(key);
    const set = this.#waitingSets.get(key);
    if (set) this.#rearmWaitingSets();
    for (const { onQueue, onWaitingSet } of this.#listeners) {
      if (jobName !== undefined) onQueue?.(jobName);
      if (set) onWaitingSet?.(set);
    }
  }

  #tellWaitingSets(): void {
    for (const { onWaitingSet } of this.#listeners) for (const set of this.#waitingSets.values()) onWaitingSet?.(set);
  }

  #tellEverything(): void {
    for (const { onEverything } of this.#listeners) onEverything?.();
  }

  #rearmWaitingSets(): void {
    this.#rearm ??= setTimeout(() => {
      this.#rearm = undefined;
      this.#armWaitingSets()
        .then(() => this.#tellWaitingSets()) // what came meanwhile was not told
        .catch((error: unknown) => this.#failed(error));
    }, WAITING_SETS_REARM_MS);
  }

  /** What has reconnected may be another server, which refuses nothing. */
  #ready(): void {
    this.#tryAtMs = -Infinity;
    this.#setUp.wake();
  }

  #lost(): void {
    const wasTracking = this.#isTracking;
    this.#isTracking = false;
    this.#tracking?.forgetListener();
    if (wasTracking) this.#tellEverything();
  }

  #failed(error: unknown): void {
    this.#lostBy(error);
    if (!isExplained(error)) this.#setUp.failed(error);
  }

  /** A lost connection comes back; what Redis refuses it refuses for a while. */
  #lostBy(error: unknown): void {
    if (isErrorReply(error) && !isPassingError(error)) this.#refused(`Redis answered "${error.message}"`);
    else if (error instanceof TrackingSilentError) this.#refused(error.message);
    else this.#lost();
  }

  #refused(reason: string): void {
    this.#tryAtMs = this.#nowMs() + REFUSED_PAUSE_MS;
    this.#lost();
    if (this.#toldReason === reason) return;
    this.#toldReason = reason;
    const message = `Redis cannot tell this pool of new jobs, because ${reason}. It looks for them itself, up to a second later.`;
    this.options.report({ type: 'warning', code: 'WORK_NO_TRACKING', message });
  }
}

/** What Redis said or did not say is told as a refusal, or passes. */
function isExplained(error: unknown): boolean {
  return isErrorReply(error) || error instanceof TrackingSilentError;
}

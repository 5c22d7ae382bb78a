import type { Keyspace } from '#protocol';
import { beat, isErrorReply, type BeatReply, type WorkRedis } from '#store';
import { epochSeconds, type Clock } from '../../clock.js';
import type { Report } from '../../events.js';
import { RepeatingTask } from '../../background/index.js';
import type { PoolIdentity } from './pool-identity.js';

export interface AcceptedBeat {
  readonly sentAtMs: number;
  /** Redis' time, milliseconds since the epoch. */
  readonly redisMs: number;
}

export interface HeartbeaterOptions {
  /** The `beat` connection. */
  readonly redis: WorkRedis;
  readonly keyspace: Keyspace;
  /** Undefined while the pool is no member: then nothing is written. */
  readonly identity: () => PoolIdentity | undefined;
  readonly clock: Clock;
  /** False: the pool must not pretend to live. */
  readonly mayBeat?: () => boolean;
  readonly onAccepted: (beat: AcceptedBeat) => void;
  /** This id is no member any more. Told with each beat until there is another identity. */
  readonly onFenced: (poolId: string) => void;
  /** Refused by Redis, or not known to have arrived. */
  readonly onFailed: () => void;
  readonly report: Report;
  /** gocraft/work's, which calls a pool dead after two missed ones. @default 5000 */
  readonly intervalMs?: number | undefined;
}

/** `idle`: no member. `withheld`: not sent. `failed`: refused, or nobody knows. */
export interface BeatTally {
  readonly beat: 'accepted' | 'fenced' | 'failed' | 'withheld' | 'idle';
}

export const BEAT_INTERVAL_MS = 5_000;
/** After a beat that was not accepted: several tries fit before others call the pool dead. */
const RETRY_MS = 1_000;

/** Writes the pool's heartbeat, which makes no member of it: a pool that was taken for dead must notice. */
export class Heartbeater {
  readonly #task: RepeatingTask;
  #acceptedAtMs = -Infinity;
  #isRefused = false;
  #last: BeatTally['beat'] = 'idle';

  constructor(private readonly options: HeartbeaterOptions) {
    const { intervalMs = BEAT_INTERVAL_MS, report } = options;
    this.#task = new RepeatingTask({
      role: 'Heartbeater',
      report,
      pass: () => this.runOnce(),
      delayMs: () => (this.#last === 'accepted' ? intervalMs : Math.min(RETRY_MS, intervalMs)),
    });
  }

  start(): void {
    this.#task.start();
  }

  /** Beats at once. */
  wake(): void {
    this.#task.wake();
  }

  stop(): Promise<void> {
    return this.#task.stop();
  }

  /** Milliseconds since the last beat that this connection's server accepted. */
  acceptedAgeMs(): number {
    return this.options.clock.monotonicMs() - this.#acceptedAtMs;
  }

  /** The server may be another one now. */
  forgetAccepted(): void {
    this.#acceptedAtMs = -Infinity;
  }

  async runOnce(): Promise<BeatTally> {
    const identity = this.options.identity();
    this.#last = identity ? await this.#beat(identity) : 'idle';
    return { beat: this.#last };
  }

  async #beat(identity: PoolIdentity): Promise<BeatTally['beat']> {
    const { redis, keyspace, clock, mayBeat } = this.options;
    if (mayBeat && !mayBeat()) return 'withheld';
    const sentAtMs = clock.monotonicMs();
    const heartbeat = { ...identity, heartbeatAt: epochSeconds(clock) };
    try {
      return this.#answered(identity, sentAtMs, await beat(redis, keyspace, identity.poolId, heartbeat));
    } catch (error) {
      return this.#failed(identity, error);
    }
  }

  #answered({ poolId }: PoolIdentity, sentAtMs: number, reply: BeatReply): 'accepted' | 'fenced' {
    if (this.#isRefused) this.options.report({ type: 'beat_accepted_again', poolId });
    this.#isRefused = false;
    if (!reply.accepted) {
      this.forgetAccepted();
      this.options.onFenced(poolId);
      return 'fenced';
    }
    this.#acceptedAtMs = sentAtMs;
    this.options.onAccepted({ sentAtMs, redisMs: reply.redisMs });
    return 'accepted';
  }

  /** A lost connection is told by whoever owns the connections. */
  #failed({ poolId }: PoolIdentity, error: unknown): 'failed' {
    if (!this.#isRefused && isErrorReply(error)) {
      this.#isRefused = true;
      this.options.report({ type: 'beat_refused', poolId, error });
    }
    this.forgetAccepted();
    this.options.onFailed();
    return 'failed';
  }
}

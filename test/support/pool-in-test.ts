import type { Keyspace } from '#protocol';
import type { Redis } from 'ioredis';
import type { WorkEvent } from '../../libs/engine/events.js';
import { BeatAndWatch } from '../../libs/engine/liveness/beat/beat-and-watch.js';
import type { LookTally } from '../../libs/engine/liveness/reap/dead-pool-reaper.js';
import type { BeatTally } from '../../libs/engine/liveness/beat/heartbeater.js';
import { PoolRegistration, type RegisteredType } from '../../libs/engine/liveness/beat/pool-registration.js';
import type { ManualClock } from './manual-clock.js';

export interface PoolInTestOptions {
  readonly redis: Redis;
  readonly keyspace: Keyspace;
  readonly clock: ManualClock;
  readonly types?: readonly RegisteredType[];
  readonly ids?: readonly string[];
  readonly concurrency?: number;
}

/** A pool that beats and looks when a test says so, and holds jobs without running them. */
export class PoolInTest {
  readonly events: WorkEvent[] = [];
  readonly fenced: string[] = [];
  readonly registration: PoolRegistration;
  readonly #beatAndWatch: BeatAndWatch;

  constructor(private readonly options: PoolInTestOptions) {
    const { redis, keyspace, clock, ids = [], concurrency = 1 } = options;
    const waiting = [...ids];
    const report = (event: WorkEvent) => void this.events.push(event);
    this.registration = new PoolRegistration({
      redis,
      keyspace,
      clock,
      concurrency,
      report,
      ...(ids.length > 0 && { nextId: () => waiting.shift() ?? `later${waiting.length}` }),
    });
    this.#beatAndWatch = new BeatAndWatch({
      redis,
      keyspace,
      clock,
      report,
      identity: () => this.registration.identity,
      onAccepted: ({ sentAtMs }) => this.registration.vitals.beatAccepted(sentAtMs),
      onFenced: (poolId) => void this.fenced.push(poolId),
    });
  }

  get id(): string {
    return this.registration.poolId;
  }

  get remembered(): number {
    return this.#beatAndWatch.reaper.remembered;
  }

  get types(): readonly RegisteredType[] {
    return this.options.types ?? [{ name: 'send' }];
  }

  async register(): Promise<this> {
    await this.registration.register(this.types);
    return this;
  }

  async beat(): Promise<BeatTally['beat']> {
    return (await this.#beatAndWatch.heartbeater.runOnce()).beat;
  }

  look(): Promise<LookTally> {
    return this.#beatAndWatch.reaper.runOnce();
  }

  /** Two seconds pass, it beats and looks. */
  async beatAndLook(): Promise<LookTally> {
    this.options.clock.pass(2_000);
    await this.beat();
    return await this.look();
  }

  /** Whatever number of looks it takes until it has reaped somebody. */
  async lookUntilReaped(): Promise<LookTally> {
    for (let looks = 0; looks < 20; looks += 1) {
      const tally = await this.beatAndLook();
      if (tally.reaps.length > 0) return tally;
    }
    throw new Error('Nobody was reaped in 20 looks.');
  }

  /** Notices when the connection is another one, as a pool that was started does. */
  watchConnection(): void {
    this.#beatAndWatch.watchConnection();
  }

  hold(jobName: string, oldestFirst: readonly (string | Buffer)[]): Promise<void> {
    return holdJobs(this.options.redis, this.options.keyspace, this.id, jobName, oldestFirst);
  }
}

/** Puts jobs in progress as a fetch does. */
export async function holdJobs(
  redis: Redis,
  keyspace: Keyspace,
  poolId: string,
  jobName: string,
  oldestFirst: readonly (string | Buffer)[],
): Promise<void> {
  await redis.lpush(keyspace.inProgress(jobName, poolId), ...oldestFirst);
  await redis.incrby(keyspace.lock(jobName), oldestFirst.length);
  await redis.hincrby(keyspace.lockInfo(jobName), poolId, oldestFirst.length);
}

import type { Redis } from 'ioredis';
import { disconnect, waitFor } from '../../support/index.js';

/** The start or the end of a run, counted as `countIn` of a worker says. */
export interface RecordedEvent {
  readonly event: 'start' | 'end';
  readonly countIn: string;
  readonly id: string;
}

/**
 * Starts and ends of runs in the order in which Redis was told of them. None are at the same time: what runs between them
 * runs at that instant, wherever it does.
 */
export class RunRecord {
  readonly events: RecordedEvent[] = [];
  #isOver = false;

  private constructor(
    private readonly redis: Redis,
    private readonly monitor: Redis,
    private readonly overKey: string,
  ) {}

  /** Give it a Redis that no other test uses: it hears of each command. `prefix` is that of each `countIn`. */
  static async begin(redis: Redis, prefix: string): Promise<RunRecord> {
    const record = new RunRecord(redis, await redis.monitor(), `${prefix}over`);
    record.monitor.on('monitor', (_, [command, key, id]: readonly string[]) => {
      if (command?.toLowerCase() === 'hincrby' && key?.startsWith(prefix)) record.#take(key, id!);
    });
    return record;
  }

  /** Resolves with everything that Redis was told before. */
  async whole(): Promise<readonly RecordedEvent[]> {
    await this.redis.hincrby(this.overKey, 'over', 1);
    await waitFor('the end of the record', () => this.#isOver);
    return this.events;
  }

  close(): Promise<void> {
    return disconnect(this.monitor);
  }

  #take(key: string, id: string): void {
    const [, countIn, event] = /^(.*):(start|end)$/.exec(key) ?? [];
    if (countIn) this.events.push({ event: event as RecordedEvent['event'], countIn, id });
    else this.#isOver = key === this.overKey;
  }
}

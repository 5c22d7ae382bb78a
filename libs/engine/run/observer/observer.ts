import type { JobDocument, Keyspace } from '#protocol';
import { observe, type WorkRedis } from '#store';
import type { Clock } from '../../clock.js';
import type { Report } from '../../events.js';
import { RepeatingTask } from '../../background/index.js';
import { bounded } from '../outcome/error-text.js';
import { ObservedRun } from './observed-run.js';
import { WorkerSlots, type RecordChange } from './worker-slots.js';

export interface ObserverOptions {
  readonly redis: WorkRedis;
  readonly keyspace: Keyspace;
  /** The worker ids of the pool's heartbeat, as they are now. */
  readonly workerIds: () => readonly string[];
  readonly clock: Clock;
  readonly report: Report;
}

export interface ObserverTally {
  /** Records written. */
  readonly shown: number;
  /** Records of idle workers deleted. */
  readonly removed: number;
}

const TICK_MS = 1_000;
/** The heartbeat's: a job that is over before the next one need not be seen. */
const FLUSH_MS = 5_000;
const MAX_CHECKIN_BYTES = 4 * 1024;
const RECORDS_PER_CALL = 200;
const NOTHING: ObserverTally = Object.freeze({ shown: 0, removed: 0 });

/**
 * Shows in Redis what the pool's workers run. Jobs cost nothing here but a note in memory: records are written with the
 * heartbeat's pace, and within a second after a checkin.
 */
export class Observer {
  readonly #slots = new WorkerSlots();
  readonly #task: RepeatingTask;
  #flushedAtMs: number;
  #isCheckedIn = false;

  constructor(private readonly options: ObserverOptions) {
    this.#flushedAtMs = options.clock.monotonicMs();
    this.#task = new RepeatingTask({
      role: 'Observer',
      report: options.report,
      pass: () => this.runOnce(),
      delayMs: () => TICK_MS,
    });
  }

  /** Ends with `ended`; progress of the job goes to what this answers. */
  started(document: JobDocument, startedAtMs: number): ObservedRun {
    const run = new ObservedRun(document, startedAtMs, this);
    this.#slots.add(run);
    return run;
  }

  ended(run: ObservedRun): void {
    this.#slots.remove(run);
  }

  /** Text beyond 4 KB is cut; an empty one, or one of a job that is over, is not shown. */
  checkedIn(run: ObservedRun, message: string): void {
    const text = bounded(String(message), MAX_CHECKIN_BYTES);
    const at = Math.floor(this.options.clock.nowMs() / 1000);
    if (text !== '' && this.#slots.checkin(run, { text, at })) this.#isCheckedIn = true;
  }

  start(): void {
    this.#task.start();
  }

  /** Call it when no job runs any more: deletes every record of the pool. */
  async stop(): Promise<void> {
    await this.#task.stop();
    await this.flush().catch((error: unknown) => this.#task.failed(error));
  }

  /** Writes if something checked in or it is time. */
  async runOnce(): Promise<ObserverTally> {
    const isTime = this.options.clock.monotonicMs() - this.#flushedAtMs >= FLUSH_MS;
    return isTime || this.#isCheckedIn ? await this.flush() : NOTHING;
  }

  async flush(): Promise<ObserverTally> {
    const nowMs = this.options.clock.monotonicMs();
    this.#isCheckedIn = false;
    this.#flushedAtMs = nowMs;
    const changes = this.#slots.changes(this.options.workerIds(), nowMs);
    try {
      for (let at = 0; at < changes.length; at += RECORDS_PER_CALL)
        await this.#write(changes.slice(at, at + RECORDS_PER_CALL));
    } catch (error) {
      this.#isCheckedIn = true; // the next tick tries again
      throw error;
    }
    const shown = changes.filter(({ fields }) => fields.length > 0).length;
    return { shown, removed: changes.length - shown };
  }

  async #write(changes: readonly RecordChange[]): Promise<void> {
    await observe(this.options.redis, this.options.keyspace, changes);
    for (const change of changes) change.written();
  }
}

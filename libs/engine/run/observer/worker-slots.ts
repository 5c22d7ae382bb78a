import type { Checkin, ObservedRun, WorkerSlot } from './observed-run.js';

/** A record that differs from what Redis has. */
export interface RecordChange {
  readonly workerId: string;
  /** Fields and values in turn, gocraft/work's; none where the worker is idle. */
  readonly fields: readonly (string | Buffer | number)[];
  /** To be called when Redis has it. */
  written(): void;
}

/** A record that stands is written anew after so long, so that it comes back where Redis has lost it. */
const RENEW_MS = 60_000;

/**
 * Which worker shows which running job. Workers are no loops here but names that gocraft/work's readers expect: a job is
 * given one when records are written, so one that is over before that touches nothing but the end of a list.
 */
export class WorkerSlots {
  readonly #running: ObservedRun[] = [];
  readonly #slots = new Map<string, WorkerSlot>();

  add(run: ObservedRun): void {
    run.place = this.#running.push(run) - 1;
  }

  /** The last one takes its place. */
  remove(run: ObservedRun): void {
    const last = this.#running.pop();
    if (last && last !== run) {
      this.#running[run.place] = last;
      last.place = run.place;
    }
    run.place = -1;
  }

  /** False where the job is over. */
  checkin(run: ObservedRun, checkin: Checkin): boolean {
    if (run.place < 0) return false;
    run.latest = checkin;
    if (run.slot) run.slot.version += 1;
    return true;
  }

  /** The records to write now, after giving workers to jobs that have none. */
  changes(workerIds: readonly string[], nowMs: number): RecordChange[] {
    this.#vacate();
    this.#fill(this.#free(workerIds));
    return [...this.#slots.values()].filter((slot) => isDue(slot, nowMs)).map((slot) => changeOf(slot, nowMs));
  }

  #vacate(): void {
    for (const slot of this.#slots.values()) if (slot.run && slot.run.place < 0) put(slot, undefined);
  }

  /** A pool that was taken for dead has other workers afterwards: a slot of the old ones goes when Redis shows it idle. */
  #free(workerIds: readonly string[]): WorkerSlot[] {
    const known = new Set(workerIds);
    for (const slot of this.#slots.values())
      if (!known.has(slot.workerId) && !slot.run && slot.version === slot.written) this.#slots.delete(slot.workerId);
    for (const workerId of known) if (!this.#slots.has(workerId)) this.#slots.set(workerId, emptySlot(workerId));
    return [...this.#slots.values()].filter((slot) => !slot.run && known.has(slot.workerId));
  }

  #fill(free: readonly WorkerSlot[]): void {
    const unseen = this.#running.filter((run) => !run.slot);
    for (const [at, slot] of free.entries()) {
      const run = unseen[at];
      if (!run) return;
      put(slot, run);
      run.slot = slot;
    }
  }
}

function emptySlot(workerId: string): WorkerSlot {
  return { workerId, run: undefined, version: 0, written: 0, writtenAtMs: 0 };
}

function put(slot: WorkerSlot, run: ObservedRun | undefined): void {
  slot.run = run;
  slot.version += 1;
}

function isDue(slot: WorkerSlot, nowMs: number): boolean {
  return slot.version !== slot.written || (slot.run !== undefined && nowMs - slot.writtenAtMs >= RENEW_MS);
}

function changeOf(slot: WorkerSlot, nowMs: number): RecordChange {
  const { run, workerId, version } = slot;
  const written = () => Object.assign(slot, { written: version, writtenAtMs: nowMs });
  return { workerId, fields: run ? fieldsOf(run) : [], written };
}

function fieldsOf({ document, startedAtMs, latest }: ObservedRun): (string | Buffer | number)[] {
  const { name, id, args, argsBytes } = document;
  const shownArgs = args && Object.keys(args).length > 0 ? argsBytes : '';
  const startedAt = Math.floor(startedAtMs / 1000);
  const fields = ['job_name', name, 'job_id', id, 'started_at', startedAt, 'args', shownArgs];
  return latest ? [...fields, 'checkin', latest.text, 'checkin_at', latest.at] : fields;
}

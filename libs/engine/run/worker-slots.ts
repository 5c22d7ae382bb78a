import type { JobRun } from './job-run.js';

export interface Checkin {
  readonly text: string;
  /** Epoch seconds. */
  readonly at: number;
}

/** A record that differs from what Redis has. */
export interface RecordChange {
  readonly workerId: string;
  /** Fields and values in turn, gocraft/work's; none where the worker is idle. */
  readonly fields: readonly (string | Buffer | number)[];
  /** To be called when Redis has it. */
  written(): void;
}

interface Slot {
  readonly workerId: string;
  run: JobRun | undefined;
  /** Rises with each change; Redis has the record of `written`. */
  version: number;
  written: number;
  writtenAtMs: number;
}

interface RunNote {
  checkin?: Checkin;
  slot?: Slot;
}

/** A record that stands is written anew after so long, so that it comes back where Redis has lost it. */
const RENEW_MS = 60_000;

/**
 * Which worker shows which running job. Workers are no loops here but names that gocraft/work's readers expect: a run is
 * given one when records are written, so a job that is over before that touches nothing but one map.
 */
export class WorkerSlots {
  readonly #runs = new Map<JobRun, RunNote | undefined>();
  readonly #slots = new Map<string, Slot>();

  add(run: JobRun): void {
    this.#runs.set(run, undefined);
  }

  remove(run: JobRun): void {
    this.#runs.delete(run);
  }

  /** False where the run is over. */
  checkin(run: JobRun, checkin: Checkin): boolean {
    if (!this.#runs.has(run)) return false;
    const note = this.#noteOf(run);
    note.checkin = checkin;
    if (note.slot) note.slot.version += 1;
    return true;
  }

  /** The records to write now, after giving workers to runs that have none. */
  changes(workerIds: readonly string[], nowMs: number): RecordChange[] {
    this.#vacate();
    this.#fill(this.#free(workerIds));
    return [...this.#slots.values()].filter((slot) => isDue(slot, nowMs)).map((slot) => this.#change(slot, nowMs));
  }

  #noteOf(run: JobRun): RunNote {
    const note = this.#runs.get(run) ?? {};
    this.#runs.set(run, note);
    return note;
  }

  #vacate(): void {
    for (const slot of this.#slots.values()) if (slot.run && !this.#runs.has(slot.run)) put(slot, undefined);
  }

  /** A pool that was taken for dead has other workers afterwards: a slot of the old ones goes when Redis shows it idle. */
  #free(workerIds: readonly string[]): Slot[] {
    const known = new Set(workerIds);
    for (const slot of this.#slots.values())
      if (!known.has(slot.workerId) && !slot.run && slot.version === slot.written) this.#slots.delete(slot.workerId);
    for (const workerId of known) if (!this.#slots.has(workerId)) this.#slots.set(workerId, emptySlot(workerId));
    return [...this.#slots.values()].filter((slot) => !slot.run && known.has(slot.workerId));
  }

  #fill(free: readonly Slot[]): void {
    let next = 0;
    for (const [run, note] of this.#runs) {
      if (note?.slot) continue;
      const slot = free[next];
      if (!slot) return;
      next += 1;
      put(slot, run);
      this.#noteOf(run).slot = slot;
    }
  }

  #change(slot: Slot, nowMs: number): RecordChange {
    const { run, workerId, version } = slot;
    const written = () => Object.assign(slot, { written: version, writtenAtMs: nowMs });
    return { workerId, fields: run ? fieldsOf(run, this.#runs.get(run)?.checkin) : [], written };
  }
}

function emptySlot(workerId: string): Slot {
  return { workerId, run: undefined, version: 0, written: 0, writtenAtMs: 0 };
}

function put(slot: Slot, run: JobRun | undefined): void {
  slot.run = run;
  slot.version += 1;
}

function isDue(slot: Slot, nowMs: number): boolean {
  return slot.version !== slot.written || (slot.run !== undefined && nowMs - slot.writtenAtMs >= RENEW_MS);
}

function fieldsOf(run: JobRun, checkin: Checkin | undefined): (string | Buffer | number)[] {
  const startedAt = Math.floor(run.startedAtMs / 1000);
  const args = run.args && Object.keys(run.args).length > 0 ? run.argsBytes : '';
  const fields = ['job_name', run.name, 'job_id', run.id, 'started_at', startedAt, 'args', args];
  return checkin ? [...fields, 'checkin', checkin.text, 'checkin_at', checkin.at] : fields;
}

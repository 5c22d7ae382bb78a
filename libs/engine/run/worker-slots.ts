import type { Checkin, Sighting, WorkerSlot } from './sighting.js';

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
  readonly #running: Sighting[] = [];
  readonly #slots = new Map<string, WorkerSlot>();

  add(sighting: Sighting): void {
    sighting.place = this.#running.push(sighting) - 1;
  }

  /** The last one takes its place. */
  remove(sighting: Sighting): void {
    const last = this.#running.pop();
    if (last && last !== sighting) {
      this.#running[sighting.place] = last;
      last.place = sighting.place;
    }
    sighting.place = -1;
  }

  /** False where the job is over. */
  checkin(sighting: Sighting, checkin: Checkin): boolean {
    if (sighting.place < 0) return false;
    sighting.latest = checkin;
    if (sighting.slot) sighting.slot.version += 1;
    return true;
  }

  /** The records to write now, after giving workers to jobs that have none. */
  changes(workerIds: readonly string[], nowMs: number): RecordChange[] {
    this.#vacate();
    this.#fill(this.#free(workerIds));
    return [...this.#slots.values()].filter((slot) => isDue(slot, nowMs)).map((slot) => changeOf(slot, nowMs));
  }

  #vacate(): void {
    for (const slot of this.#slots.values()) if (slot.sighting && slot.sighting.place < 0) put(slot, undefined);
  }

  /** A pool that was taken for dead has other workers afterwards: a slot of the old ones goes when Redis shows it idle. */
  #free(workerIds: readonly string[]): WorkerSlot[] {
    const known = new Set(workerIds);
    for (const slot of this.#slots.values())
      if (!known.has(slot.workerId) && !slot.sighting && slot.version === slot.written)
        this.#slots.delete(slot.workerId);
    for (const workerId of known) if (!this.#slots.has(workerId)) this.#slots.set(workerId, emptySlot(workerId));
    return [...this.#slots.values()].filter((slot) => !slot.sighting && known.has(slot.workerId));
  }

  #fill(free: readonly WorkerSlot[]): void {
    const unseen = this.#running.filter((sighting) => !sighting.slot);
    for (const [at, slot] of free.entries()) {
      const sighting = unseen[at];
      if (!sighting) return;
      put(slot, sighting);
      sighting.slot = slot;
    }
  }
}

function emptySlot(workerId: string): WorkerSlot {
  return { workerId, sighting: undefined, version: 0, written: 0, writtenAtMs: 0 };
}

function put(slot: WorkerSlot, sighting: Sighting | undefined): void {
  slot.sighting = sighting;
  slot.version += 1;
}

function isDue(slot: WorkerSlot, nowMs: number): boolean {
  return slot.version !== slot.written || (slot.sighting !== undefined && nowMs - slot.writtenAtMs >= RENEW_MS);
}

function changeOf(slot: WorkerSlot, nowMs: number): RecordChange {
  const { sighting, workerId, version } = slot;
  const written = () => Object.assign(slot, { written: version, writtenAtMs: nowMs });
  return { workerId, fields: sighting ? fieldsOf(sighting) : [], written };
}

function fieldsOf({ document, startedAtMs, latest }: Sighting): (string | Buffer | number)[] {
  const { name, id, args, argsBytes } = document;
  const shownArgs = args && Object.keys(args).length > 0 ? argsBytes : '';
  const startedAt = Math.floor(startedAtMs / 1000);
  const fields = ['job_name', name, 'job_id', id, 'started_at', startedAt, 'args', shownArgs];
  return latest ? [...fields, 'checkin', latest.text, 'checkin_at', latest.at] : fields;
}

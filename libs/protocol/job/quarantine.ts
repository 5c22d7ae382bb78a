import type { EpochSeconds } from './epoch-seconds.js';

/** Why an entry was set aside. */
export interface QuarantineNote {
  readonly reason: string;
  /** Redis key where it was found. */
  readonly from: string;
  readonly at: EpochSeconds;
}

export interface QuarantinedEntry {
  readonly note: QuarantineNote;
  /** As found. */
  readonly bytes: Buffer;
}

const LINE_BREAK = 0x0a;
const NO_NOTE: QuarantineNote = { reason: 'unknown: no note stands before it', from: '', at: 0 };

/** One line of JSON, a line break, the bytes as found. */
export function encodeQuarantined(note: QuarantineNote, bytes: Buffer): Buffer {
  const { reason, from, at } = note;
  return Buffer.concat([Buffer.from(`${JSON.stringify({ reason, from, at })}\n`), bytes]);
}

/** Never fails: an entry that has no note is taken whole, and its note says so. */
export function decodeQuarantined(entry: Buffer): QuarantinedEntry {
  const end = entry.indexOf(LINE_BREAK);
  const note = end < 0 ? undefined : parseNote(entry.toString('utf8', 0, end));
  return note ? { note, bytes: entry.subarray(end + 1) } : { note: NO_NOTE, bytes: entry };
}

function parseNote(line: string): QuarantineNote | undefined {
  try {
    const { reason, from, at } = JSON.parse(line) as Partial<Record<keyof QuarantineNote, unknown>>;
    const isNote = typeof reason === 'string' && typeof from === 'string' && typeof at === 'number';
    return isNote ? { reason, from, at } : undefined;
  } catch {
    return undefined;
  }
}

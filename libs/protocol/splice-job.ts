import { encodeGoJson } from './go-json.js';
import { goFieldOf } from './job-fields.js';
import { scanDocument, type MemberSpan } from './json-scanner.js';
import { UndecodableJobError } from './undecodable-job-error.js';

/** New values of fields of a job document, in the order in which new fields are to stand; null removes the field. */
export interface JobChanges {
  readonly t?: number;
  /** 0 removes it, as Go leaves it out. */
  readonly fails?: number | null;
  /** '' removes it, as Go leaves it out. */
  readonly err?: string | null;
  /** 0 removes it, as Go leaves it out. */
  readonly failed_at?: number | null;
  readonly _claimed?: true | null;
  readonly _recovered?: number | null;
}

interface Part {
  /** What stands before it unless it is the first. */
  readonly gap: string;
  readonly text: string;
}

/**
 * The document with some fields changed in its text: every other byte stays as it was, whatever it is. A field that is
 * there keeps its place (each occurrence of it is changed); a new one goes before the next field of `changes` that is
 * there, else to the end.
 *
 * @throws UndecodableJobError if the bytes are no JSON object
 */
export function spliceJob(bytes: Buffer, changes: JobChanges): Buffer {
  const text = bytes.toString('latin1');
  const scan = scanDocument(bytes);
  if (!scan) throw new UndecodableJobError('it is no JSON object');
  const [first] = scan.members;
  const last = scan.members.at(-1);
  const head = text.slice(0, first ? first.keyStart : text.indexOf('{') + 1);
  const tail = text.slice(last ? last.valueEnd : text.lastIndexOf('}'));
  const parts = applyChanges(existingParts(text, scan.members), changes);
  return Buffer.from(
    head + parts.map(({ gap, text }, index) => (index === 0 ? text : gap + text)).join('') + tail,
    'latin1',
  );
}

interface ExistingPart extends Part {
  readonly field: string;
  readonly keyText: string;
}

function existingParts(text: string, members: readonly MemberSpan[]): ExistingPart[] {
  return members.map((member, index) => {
    const previous = members[index - 1];
    return {
      field: fieldName(text.slice(member.keyStart, member.keyEnd)),
      gap: previous ? text.slice(previous.valueEnd, member.keyStart) : ',',
      keyText: text.slice(member.keyStart, member.valueStart),
      text: text.slice(member.keyStart, member.valueEnd),
    };
  });
}

function fieldName(latin1Key: string): string {
  const key = JSON.parse(Buffer.from(latin1Key, 'latin1').toString()) as string;
  return goFieldOf(key) ?? key;
}

function applyChanges(existing: ExistingPart[], changes: JobChanges): Part[] {
  let parts: (Part & { field: string; keyText: string })[] = existing;
  let waiting: (Part & { field: string; keyText: string })[] = [];
  for (const [field, value] of Object.entries(changes)) {
    if (value === undefined) continue;
    const present = parts.findIndex((part) => part.field === field);
    if (isLeftOut(field, value)) {
      parts = parts.filter((part) => part.field !== field);
    } else if (present >= 0) {
      const json = encoded(value);
      parts = parts.map((part) => (part.field === field ? { ...part, text: part.keyText + json } : part));
      parts.splice(present, 0, ...waiting);
      waiting = [];
    } else {
      waiting.push({ field, gap: ',', keyText: '', text: `"${field}":${encoded(value)}` });
    }
  }
  return [...parts, ...waiting];
}

function isLeftOut(field: string, value: unknown): boolean {
  return (
    value === null || ((field === 'fails' || field === 'failed_at') && value === 0) || (field === 'err' && value === '')
  );
}

function encoded(value: unknown): string {
  return Buffer.from(encodeGoJson(value)).toString('latin1');
}

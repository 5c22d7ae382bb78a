import { quoteAsGo } from '../json/go-string.js';
import { encodeInteger, goFieldOf, keyText } from './job-fields.js';
import { scanDocument, type MemberSpan } from '../json/json-scanner.js';
import { UndecodableJobError } from './undecodable-job-error.js';

/**
 * New values of fields of a job document, in the order in which new fields are to stand. null removes a field, and so
 * does what Go leaves out: 0 of `fails` and `failed_at`, '' of `err`.
 */
export interface JobChanges {
  readonly t?: number;
  readonly unique?: null;
  readonly unique_key?: null;
  readonly fails?: number | null;
  readonly err?: string | null;
  readonly failed_at?: number | null;
  readonly _claimed?: true | null;
  readonly _recovered?: number | null;
}

/**
 * What ends a job's uniqueness: no later attempt reads or deletes its key, which may be another job's by then. Go knows no such
 * mark, so that the fields by which it would do it must go.
 */
export const CLAIMED: JobChanges = { unique: null, unique_key: null, _claimed: true };

/** A member in pieces, its bytes decoded as latin1, so that they come back as they were. */
interface Part {
  readonly field: string;
  /** What stands before it unless it is the first: a comma and any white space. */
  readonly gap: string;
  /** Key and colon, with any white space. */
  readonly key: string;
  readonly value: string;
}

/**
 * The document with some fields changed in its text; every other byte stays as it was, whatever it is. A field that is
 * there keeps its place, each occurrence of it is changed, and keys in another case count, as they do for Go. A new
 * field goes before the next one of `changes` that is there, else to the end.
 *
 * @throws UndecodableJobError if the bytes are no JSON object
 * @throws UnencodableValueError if a number is no whole number
 */
export function spliceJob(bytes: Buffer, changes: JobChanges): Buffer {
  const { members } = scanDocument(bytes) ?? refuse();
  const text = bytes.toString('latin1');
  const start = members[0]?.keyStart ?? text.indexOf('{') + 1;
  const end = members.at(-1)?.valueEnd ?? start;
  const parts = applyChanges(
    members.map((member, index) => partOf(text, member, members[index - 1])),
    changes,
  );
  return Buffer.from(text.slice(0, start) + join(parts) + text.slice(end), 'latin1');
}

function refuse(): never {
  throw new UndecodableJobError('it is no JSON object');
}

function partOf(text: string, member: MemberSpan, previous: MemberSpan | undefined): Part {
  return {
    field: fieldOf(text.slice(member.keyStart, member.keyEnd)),
    gap: previous ? text.slice(previous.valueEnd, member.keyStart) : ',',
    key: text.slice(member.keyStart, member.valueStart),
    value: text.slice(member.valueStart, member.valueEnd),
  };
}

function fieldOf(quotedKey: string): string {
  try {
    const key = keyText(quotedKey);
    return goFieldOf(key) ?? key;
  } catch {
    return refuse();
  }
}

function join(parts: readonly Part[]): string {
  return parts.map(({ gap, key, value }, index) => (index === 0 ? key + value : gap + key + value)).join('');
}

/** Backwards, so that each change knows the part that its field is to stand before. */
function applyChanges(existing: readonly Part[], changes: JobChanges): readonly Part[] {
  let parts = existing;
  let next: Part | undefined;
  for (const [field, value] of Object.entries(changes).reverse()) {
    if (value === undefined) continue;
    const json = encodeValue(field, value as string | number | true | null);
    parts = json === undefined ? without(parts, field) : withField(parts, field, json, next);
    next = parts.find((part) => part.field === field) ?? next;
  }
  return parts;
}

function without(parts: readonly Part[], field: string): readonly Part[] {
  return parts.filter((part) => part.field !== field);
}

function withField(parts: readonly Part[], field: string, value: string, next: Part | undefined): readonly Part[] {
  if (parts.some((part) => part.field === field)) {
    return parts.map((part) => (part.field === field ? { ...part, value } : part));
  }
  const at = next ? parts.indexOf(next) : parts.length;
  return parts.toSpliced(at, 0, { field, gap: ',', key: `"${field}":`, value });
}

/** JSON decoded as latin1, or undefined where the field is left out. */
function encodeValue(field: string, value: string | number | true | null): string | undefined {
  if (value === null || value === '' || (value === 0 && field !== 't')) return undefined;
  if (typeof value === 'number') return encodeInteger(field, value);
  return value === true ? 'true' : Buffer.from(quoteAsGo(value, 'go1.22')).toString('latin1');
}

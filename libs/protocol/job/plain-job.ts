import { utf8AsGo, wellFormed } from '../json/go-utf8.js';
import type { JobDocument } from './job-document.js';
import type { DocumentScan, MemberSpan } from '../json/json-scanner.js';

const KINDS: ReadonlyMap<string, 'integer' | 'other'> = new Map([
  ['name', 'other'],
  ['id', 'other'],
  ['t', 'integer'],
  ['args', 'other'],
  ['unique', 'other'],
  ['unique_key', 'other'],
  ['fails', 'integer'],
  ['err', 'other'],
  ['failed_at', 'integer'],
  ['_claimed', 'other'],
  ['_recovered', 'integer'],
]);
const NO_ARGS = Buffer.from('null');
/** Decimal digits that are exact in a number. */
const EXACT_DIGITS = 15;

type Parsed = Readonly<Record<string, unknown>>;

/**
 * The quick way for documents as programs write them: one JSON.parse, and looks at what it cannot tell. It gives up
 * (undefined) at anything else, be it fine or not: that is for the exact way, `JobReader`, which is slower.
 */
export function readPlainJob(bytes: Buffer, scan: DocumentScan): JobDocument | undefined {
  const parsed = parseOrNothing(utf8AsGo(bytes));
  if (!parsed) return undefined;
  const keys = Object.keys(parsed);
  return areMembersPlain(bytes, scan.members, keys)
    ? toDocument(parsed, argsBytes(bytes, scan.members, keys))
    : undefined;
}

function parseOrNothing(text: string): Parsed | undefined {
  try {
    return JSON.parse(text) as Parsed;
  } catch {
    return undefined;
  }
}

/** With as many members as keys and no key that looks like an array index, the two stand in the same order. */
function areMembersPlain(bytes: Buffer, members: readonly MemberSpan[], keys: readonly string[]): boolean {
  if (members.length !== keys.length) return false;
  for (let i = 0; i < keys.length; i++) {
    const kind = KINDS.get(keys[i] as string);
    const span = members[i] as MemberSpan;
    if (kind === undefined || span.overflows || (kind === 'integer' && !isPlainInteger(bytes, span))) return false;
  }
  return true;
}

function isPlainInteger(bytes: Buffer, { valueStart, valueEnd }: MemberSpan): boolean {
  if (valueEnd - valueStart > EXACT_DIGITS) return false;
  for (let at = valueStart; at < valueEnd; at++) {
    const byte = bytes[at] as number;
    if (byte < 0x30 || byte > 0x39) return false;
  }
  return true;
}

function argsBytes(bytes: Buffer, members: readonly MemberSpan[], keys: readonly string[]): Buffer {
  const span = members[keys.indexOf('args')];
  return span ? bytes.subarray(span.valueStart, span.valueEnd) : NO_ARGS;
}

function toDocument(parsed: Parsed, argsBytes: Buffer): JobDocument | undefined {
  const { name, id = '', t = 0, args = null, unique = false, unique_key: uniqueKey = '', fails = 0, err = '' } = parsed;
  const { failed_at: failedAt = 0, _claimed: claimed, _recovered: recovered = 0 } = parsed;
  if (!isText(name) || !isText(id) || !isText(uniqueKey) || !isText(err)) return undefined;
  if (!isObjectOrNull(args) || typeof unique !== 'boolean') return undefined;
  return {
    name: wellFormed(name),
    id: wellFormed(id),
    t: t as number,
    args,
    argsBytes,
    unique,
    uniqueKey: wellFormed(uniqueKey) || undefined,
    fails: fails as number,
    err: wellFormed(err) || undefined,
    failedAt: (failedAt as number) || undefined,
    claimed: claimed === true,
    recovered: recovered as number,
  };
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isObjectOrNull(value: unknown): value is Record<string, unknown> | null {
  return typeof value === 'object' && !Array.isArray(value);
}

import type { JobDocument } from './job-document.js';
import { goFieldOf, type GoField } from './job-fields.js';
import { scanDocument, type DocumentScan, type MemberSpan } from './json-scanner.js';
import { UndecodableJobError } from './undecodable-job-error.js';

/** Largest document that is decoded, in bytes. */
export const MAX_DOCUMENT_BYTES = 16 * 1024 * 1024;
/** Deepest nesting of a document that is decoded. */
export const MAX_DOCUMENT_DEPTH = 1000;

/**
 * Decodes what Go's encoding/json accepts as a job and refuses what it refuses; so names match in any case, the last of
 * duplicates wins, and bytes that are no UTF-8 are U+FFFD. Beyond that a job must have a name.
 *
 * @throws UndecodableJobError
 */
export function decodeJob(bytes: Buffer): JobDocument {
  if (bytes.length > MAX_DOCUMENT_BYTES) throw new UndecodableJobError(`it is larger than ${MAX_DOCUMENT_BYTES} bytes`);
  const latin1 = bytes.toString('latin1');
  const scan = scanDocument(latin1);
  if (!scan) throw new UndecodableJobError('it is no JSON object');
  if (scan.depth > MAX_DOCUMENT_DEPTH)
    throw new UndecodableJobError(`it is nested more than ${MAX_DOCUMENT_DEPTH} levels deep`);
  return plainDecode(bytes, scan);
}

// plain for now
function plainDecode(bytes: Buffer, scan: DocumentScan): JobDocument {
  let parsed: Record<string, unknown>;
  try {
    parsed = JSON.parse(bytes.toString()) as Record<string, unknown>;
  } catch {
    throw new UndecodableJobError('it is no valid JSON');
  }
  const found = new Map<GoField, unknown>();
  for (const [key, value] of Object.entries(parsed)) {
    const field = goFieldOf(key);
    if (field && (value !== null || field === 'args')) found.set(field, value);
  }
  const text = (field: GoField) => {
    const value = found.get(field) ?? '';
    if (typeof value !== 'string') throw new UndecodableJobError(`its "${field}" is no string`);
    return value;
  };
  const integer = (field: GoField) => {
    const value = found.get(field) ?? 0;
    if (!Number.isInteger(value)) throw new UndecodableJobError(`its "${field}" is no integer`);
    return value as number;
  };
  const args = found.get('args') ?? null;
  if (typeof args !== 'object' || Array.isArray(args))
    throw new UndecodableJobError('its "args" is neither an object nor null');
  const name = text('name');
  if (name === '') throw new UndecodableJobError('it has no name');
  const unique = found.get('unique') ?? false;
  if (typeof unique !== 'boolean') throw new UndecodableJobError('its "unique" is neither true nor false');
  const recovered = parsed['_recovered'];
  return {
    name,
    id: text('id'),
    t: integer('t'),
    args: args as Record<string, unknown> | null,
    argsBytes: argsSpan(bytes, scan),
    unique,
    uniqueKey: text('unique_key') || undefined,
    fails: integer('fails'),
    err: text('err') || undefined,
    failedAt: integer('failed_at') || undefined,
    claimed: parsed['_claimed'] === true,
    recovered: typeof recovered === 'number' && recovered > 0 ? Math.trunc(recovered) : 0,
  };
}

function argsSpan(bytes: Buffer, scan: DocumentScan): Buffer {
  const member = scan.members.findLast(
    ({ keyStart, keyEnd }: MemberSpan) => goFieldOf(bytes.toString('utf8', keyStart + 1, keyEnd - 1)) === 'args',
  );
  return member ? bytes.subarray(member.valueStart, member.valueEnd) : Buffer.from('null');
}

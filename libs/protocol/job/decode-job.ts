import type { JobDocument } from './job-document.js';
import { JobReader } from './job-reader.js';
import { scanDocument, type DocumentScan } from '../json/json-scanner.js';
import { readPlainJob } from './plain-job.js';
import { UndecodableJobError } from './undecodable-job-error.js';

/** Largest document that is decoded. */
export const MAX_DOCUMENT_BYTES = 16 * 1024 * 1024;
/** Deepest nesting of a document that is decoded, the document itself being the first level. */
export const MAX_DOCUMENT_DEPTH = 1000;

/**
 * Decodes what Go's encoding/json accepts as a job of gocraft/work and refuses what it refuses: names match in any case,
 * of duplicates the last that is not null counts (objects of arguments are joined), bytes that are no UTF-8 are U+FFFD.
 * Beyond that a job needs a name.
 *
 * @throws UndecodableJobError also over 16 MiB or 1,000 levels, without parsing
 */
export function decodeJob(bytes: Buffer): JobDocument {
  if (bytes.length > MAX_DOCUMENT_BYTES) throw new UndecodableJobError('it is larger than 16 MiB');
  const scan = scanDocument(bytes);
  if (!scan) throw new UndecodableJobError('it is no JSON object');
  if (scan.depth > MAX_DOCUMENT_DEPTH) throw new UndecodableJobError('it is nested more than 1,000 levels deep');
  const job = readPlainJob(bytes, scan) ?? readExactly(bytes, scan);
  if (job.name === '') throw new UndecodableJobError('it has no name');
  return job;
}

function readExactly(bytes: Buffer, scan: DocumentScan): JobDocument {
  const reader = new JobReader(bytes);
  for (const span of scan.members) reader.read(span);
  return reader.document;
}

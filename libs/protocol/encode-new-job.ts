import type { EpochSeconds } from './epoch-seconds.js';
import { encodeGoJson, type GoJsonOptions } from './go-json.js';

export interface NewJob {
  readonly name: string;
  readonly id: string;
  readonly t: EpochSeconds;
  /** From `encodeArguments`. */
  readonly argsJson: string;
  /** From `uniqueKey`; given, the job is unique. */
  readonly uniqueKey?: string | undefined;
}

/** The document of a new job, in Go's order and bytes. */
export function encodeNewJob(job: NewJob, options: GoJsonOptions = {}): Buffer {
  const { name, id, t, argsJson, uniqueKey } = job;
  const head = `{"name":${encodeGoJson(name, options)},"id":${encodeGoJson(id, options)},"t":${t},"args":${argsJson}`;
  const unique = uniqueKey === undefined ? '' : `,"unique":true,"unique_key":${encodeGoJson(uniqueKey, options)}`;
  return Buffer.from(`${head}${unique}}`);
}

import type { EpochSeconds } from './epoch-seconds.js';
import type { GoJsonOptions } from '../json/go-json.js';
import { quoteAsGo } from '../json/go-string.js';
import { encodeInteger } from './job-fields.js';

export interface NewJob {
  readonly name: string;
  readonly id: string;
  readonly t: EpochSeconds;
  /** From `encodeArguments`. */
  readonly argsJson: string;
  /** From `uniqueKey`; given, the job is unique. */
  readonly uniqueKey?: string | undefined;
}

/** The document of a new job, in Go's order and bytes. @throws UnencodableValueError unless `t` is a whole number */
export function encodeNewJob(job: NewJob, options: GoJsonOptions = {}): Buffer {
  const { name, id, t, argsJson, uniqueKey } = job;
  const quote = (text: string) => quoteAsGo(text, options.escapes ?? 'go1.22');
  const plain = `{"name":${quote(name)},"id":${quote(id)},"t":${encodeInteger('t', t)},"args":${argsJson}`;
  const unique = uniqueKey === undefined ? '' : `,"unique":true,"unique_key":${quote(uniqueKey)}`;
  return Buffer.from(`${plain}${unique}}`);
}

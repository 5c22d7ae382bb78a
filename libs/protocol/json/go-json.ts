import { EncodingProblem } from './encoding-problem.js';
import { GoJsonEncoder, type EncodingLimits } from './go-json-encoder.js';
import type { GoEscapes } from './go-string.js';
import { UnencodableValueError } from './unencodable-value-error.js';

export interface GoJsonOptions {
  /**
   * How backspace and form feed are written. Matters only where programs built with Go before 1.22 enqueue the same
   * unique jobs and the arguments hold one of the two.
   *
   * @default 'go1.22'
   */
  readonly escapes?: GoEscapes;
}

const LIMITS: EncodingLimits = { maxDepth: 1000, maxBytes: Infinity, refusedKeys: false };

/**
 * JSON in the bytes that Go's encoding/json writes for a map of the same content: no whitespace, keys in UTF-8 order,
 * `<`, `>`, `&`, U+2028 and U+2029 escaped, `-0` kept. A bigint is an integer, a Uint8Array base64, half of a surrogate
 * pair `\ufffd`; toJSON is honoured, and a property that is undefined is left out.
 *
 * @throws UnencodableValueError naming the place: NaN, ±Infinity, a bigint outside int64 and uint64, function, symbol,
 * circular, over 1,000 levels, an invalid Date, and what JSON would show as `{}`: Map, Set, Promise, Error, RegExp, …
 *
 * @example encodeGoJson({ b: '<x>', a: 1 }) // {"a":1,"b":"\u003cx\u003e"}
 */
export function encodeGoJson(value: unknown, options: GoJsonOptions = {}): string {
  try {
    return encodeWithin(LIMITS, value, options);
  } catch (error) {
    if (!(error instanceof EncodingProblem)) throw error;
    throw new UnencodableValueError(error.pathFrom('value'), error.reason, { cause: error.cause });
  }
}

/** @throws EncodingProblem */
export function encodeWithin(limits: EncodingLimits, value: unknown, options: GoJsonOptions): string {
  const json = encodeTop(new GoJsonEncoder(limits, options.escapes ?? 'go1.22'), value);
  if (json === undefined) throw new EncodingProblem('is undefined; give null for none');
  return json;
}

function encodeTop(encoder: GoJsonEncoder, value: unknown): string | undefined {
  try {
    return encoder.encode(value, 1, '');
  } catch (error) {
    throw EncodingProblem.of(error);
  }
}

import { EncodingProblem } from './encoding-problem.js';
import { quoteAsGo, type GoEscapes } from './go-string.js';
import { UnencodableValueError } from './unencodable-value-error.js';
import { sortByUtf8 } from './utf8-order.js';

export interface GoJsonOptions {
  /**
   * How backspace and form feed are written. Matters only where Go programs built before Go 1.22 enqueue the same
   * unique jobs and the arguments hold one of the two.
   *
   * @default 'go1.22'
   */
  readonly escapes?: GoEscapes;
}

/** What one encoding may use. */
export interface EncodingLimits {
  readonly maxDepth: number;
  readonly maxLength: number;
  /** Keys that would reach a prototype when copied carelessly are refused. */
  readonly refuseDangerousKeys: boolean;
}

const NO_LIMITS: EncodingLimits = { maxDepth: 1000, maxLength: Infinity, refuseDangerousKeys: false };
const MAX_UINT64 = 2n ** 64n - 1n;
const MIN_INT64 = -(2n ** 63n);

/**
 * JSON with the bytes that Go's encoding/json writes for a map of the same content: no whitespace, keys in UTF-8 order,
 * `<`, `>`, `&`, U+2028 and U+2029 escaped, -0 as `-0`. bigint is an integer (int64 or uint64), Uint8Array base64, and
 * toJSON is honoured; properties that are undefined are left out.
 *
 * @throws UnencodableValueError naming where: NaN, Infinity, function, symbol, circular, over 1,000 levels, Map, Set, …
 *
 * @example encodeGoJson({ b: '<x>', a: 1 }) // {"a":1,"b":"\u003cx\u003e"}
 */
export function encodeGoJson(value: unknown, options: GoJsonOptions = {}): string {
  try {
    return encodeWithin(NO_LIMITS, value, options);
  } catch (error) {
    if (!(error instanceof EncodingProblem)) throw error;
    throw new UnencodableValueError(error.pathFrom('value'), error.reason, { cause: error.cause });
  }
}

/** @throws EncodingProblem */
export function encodeWithin(limits: EncodingLimits, value: unknown, options: GoJsonOptions): string {
  const json = new Encoder(limits, options.escapes ?? 'go1.22').encode(value, 1, '');
  if (json === undefined) throw new EncodingProblem('is undefined; give null for none');
  return json;
}

class Encoder {
  constructor(
    private readonly limits: EncodingLimits,
    private readonly escapes: GoEscapes,
  ) {}

  /** JSON, or undefined where the value is left out. `depth` counts the containers from 1. */
  encode(value: unknown, depth: number, key: string): string | undefined {
    switch (typeof value) {
      case 'string':
        return quoteAsGo(value, this.escapes);
      case 'number':
        return encodeNumber(value);
      case 'boolean':
        return value ? 'true' : 'false';
      case 'bigint':
        return encodeBigInt(value);
      case 'undefined':
        return undefined;
      case 'object':
        return value === null ? 'null' : this.#encodeObject(value, depth, key);
      default:
        throw new EncodingProblem(`is a ${typeof value}, which JSON cannot carry; leave it out`);
    }
  }

  #encodeObject(value: object, depth: number, key: string): string | undefined {
    if (value instanceof Uint8Array) return `"${base64(value)}"`;
    const { toJSON } = value as { toJSON?: unknown };
    if (typeof toJSON === 'function') return this.encode(withoutToJson(toJSON.call(value, key)), depth, key);
    if (depth > this.limits.maxDepth) throw EncodingProblem.tooDeep(value, this.limits.maxDepth);
    return Array.isArray(value) ? this.#encodeArray(value, depth) : this.#encodeFields(value, depth);
  }

  #encodeArray(items: readonly unknown[], depth: number): string {
    let json = '[';
    let index = 0;
    try {
      for (; index < items.length; index++) {
        if (index > 0) json += ',';
        json += this.encode(items[index], depth + 1, '') ?? 'null';
        this.#checkLength(json);
      }
    } catch (error) {
      throw EncodingProblem.inside(items, index, error);
    }
    return `${json}]`;
  }

  #encodeFields(record: object, depth: number): string {
    refuseForeignContainers(record);
    let json = '{';
    let key = '';
    try {
      for (key of sortByUtf8(Object.keys(record))) {
        if (this.limits.refuseDangerousKeys && isDangerous(key)) throw new EncodingProblem('is a key that is refused');
        const field = this.encode((record as Record<string, unknown>)[key], depth + 1, key);
        if (field === undefined) continue;
        json += `${json.length > 1 ? ',' : ''}${quoteAsGo(key, this.escapes)}:${field}`;
        this.#checkLength(json);
      }
    } catch (error) {
      throw EncodingProblem.inside(record, key, error);
    }
    return `${json}}`;
  }

  #checkLength(json: string): void {
    if (json.length > this.limits.maxLength) throw EncodingProblem.tooLong();
  }
}

function withoutToJson(value: unknown): unknown {
  return value;
}

function isDangerous(key: string): boolean {
  return key === '__proto__' || key === 'constructor' || key === 'prototype';
}

function encodeNumber(value: number): string {
  if (!Number.isFinite(value))
    throw new EncodingProblem(`is ${value}, which JSON cannot carry; give null or leave it out`);
  return Object.is(value, -0) ? '-0' : String(value);
}

function encodeBigInt(value: bigint): string {
  if (value < MIN_INT64 || value > MAX_UINT64) {
    throw new EncodingProblem('is a bigint outside int64 and uint64, which Go cannot read; give it as text');
  }
  return value.toString();
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}

function refuseForeignContainers(value: object): void {
  if (value instanceof Map)
    throw new EncodingProblem('is a Map, which JSON cannot carry; give Object.fromEntries(map)');
  if (value instanceof Set) throw new EncodingProblem('is a Set, which JSON cannot carry; give [...set]');
}

import { types } from 'node:util';
import { EncodingProblem } from './encoding-problem.js';
import { encodeBigInt, encodeNumber } from './go-number.js';
import { hasSurrogate, quoteAsGo, type GoEscapes } from './go-string.js';
import { whyUnencodable } from './unencodable-kinds.js';
import { sortByUtf16, sortByUtf8 } from './utf8-order.js';

/** What one encoding may use. */
export interface EncodingLimits {
  /** Levels of objects and arrays. */
  readonly maxDepth: number;
  /** Of the JSON. Looked at on the way, so that a huge value does not become a huge text first. */
  readonly maxBytes: number;
  /** Keys that reach a prototype where they are copied carelessly. */
  readonly refusedKeys: boolean;
}

/** Quoted keys with their colon: the same few come again and again. Dropped whole when full. */
const quotedKeys = new Map<string, string>();
const MAX_QUOTED_KEYS = 2000;
const LONGEST_QUOTED_KEY = 64;

export class GoJsonEncoder {
  constructor(
    private readonly limits: EncodingLimits,
    private readonly escapes: GoEscapes,
  ) {}

  /**
   * @param depth the level that `value` is on if it is a container, from 1
   * @param key what toJSON is told
   * @returns undefined where the value is left out
   * @throws EncodingProblem
   */
  encode(value: unknown, depth: number, key: string): string | undefined {
    switch (typeof value) {
      case 'string':
        return this.#string(value);
      case 'number':
        return encodeNumber(value);
      case 'object':
        return value === null ? 'null' : this.#object(value, depth, key);
      case 'boolean':
        return value ? 'true' : 'false';
      case 'undefined':
        return undefined;
      case 'bigint':
        return encodeBigInt(value);
      default:
        throw new EncodingProblem(`is a ${typeof value}, which JSON cannot carry; leave it out`);
    }
  }

  #string(text: string): string {
    this.#checkSize(text.length);
    return quoteAsGo(text, this.escapes);
  }

  #object(value: object, depth: number, key: string): string | undefined {
    const { toJSON } = value as { toJSON?: unknown };
    if (typeof toJSON !== 'function') return this.#container(value, depth);
    if (types.isUint8Array(value)) return base64(value);
    if (types.isDate(value) && Number.isNaN(value.getTime())) {
      throw new EncodingProblem('is an invalid Date; give a valid one or null');
    }
    const replaced: unknown = toJSON.call(value, key);
    return isObject(replaced) ? this.#container(replaced, depth) : this.encode(replaced, depth, key);
  }

  #container(value: object, depth: number): string | undefined {
    if (depth > this.limits.maxDepth) throw EncodingProblem.tooDeep(value, this.limits.maxDepth);
    if (Array.isArray(value)) return this.#array(value, depth);
    if (Object.getPrototypeOf(value) === Object.prototype) return this.#fields(value, depth);
    return this.#instance(value, depth);
  }

  #instance(value: object, depth: number): string | undefined {
    if (types.isUint8Array(value)) return base64(value);
    if (types.isBoxedPrimitive(value)) return this.encode(value.valueOf(), depth, '');
    const reason = whyUnencodable(value);
    if (reason) throw new EncodingProblem(reason);
    return this.#fields(value, depth);
  }

  #array(items: readonly unknown[], depth: number): string {
    let json = '[';
    let index = 0;
    try {
      for (; index < items.length; index++) {
        if (index > 0) json += ',';
        json += this.encode(items[index], depth + 1, String(index)) ?? 'null';
        this.#checkSize(json.length);
      }
    } catch (error) {
      throw EncodingProblem.inside(items, index, error);
    }
    return `${json}]`;
  }

  #fields(record: object, depth: number): string {
    const keys = sortByUtf16(Object.keys(record));
    const inOrder = keys.some(mayHaveSurrogate) ? sortByUtf8(keys) : keys;
    return this.#fieldsInOrder(record as Readonly<Record<string, unknown>>, inOrder, depth);
  }

  #fieldsInOrder(record: Readonly<Record<string, unknown>>, keys: readonly string[], depth: number): string {
    let json = '{';
    let key = '';
    try {
      for (key of keys) {
        if (this.limits.refusedKeys && isRefused(key))
          throw new EncodingProblem('has a key that reaches prototypes; rename it');
        const field = this.encode(record[key], depth + 1, key);
        if (field === undefined) continue;
        json += json.length === 1 ? this.#key(key) + field : `,${this.#key(key)}${field}`;
        this.#checkSize(json.length);
      }
    } catch (error) {
      throw EncodingProblem.inside(record, key, error);
    }
    return `${json}}`;
  }

  #key(key: string): string {
    return quotedKeys.get(key) ?? this.#quoteKey(key);
  }

  #quoteKey(key: string): string {
    const quoted = `${quoteAsGo(key, this.escapes)}:`;
    const isPlain = quoted.length === key.length + 3 && key.length <= LONGEST_QUOTED_KEY && !hasSurrogate(key);
    if (isPlain) rememberKey(key, quoted);
    return quoted;
  }

  #checkSize(length: number): void {
    if (length > this.limits.maxBytes) throw EncodingProblem.tooLarge(this.limits.maxBytes);
  }
}

function mayHaveSurrogate(key: string): boolean {
  return !quotedKeys.has(key) && hasSurrogate(key);
}

function rememberKey(key: string, quoted: string): void {
  if (quotedKeys.size >= MAX_QUOTED_KEYS) quotedKeys.clear();
  quotedKeys.set(key, quoted);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function isRefused(key: string): boolean {
  return key === '__proto__' || key === 'constructor' || key === 'prototype';
}

function base64(bytes: Uint8Array): string {
  return `"${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')}"`;
}

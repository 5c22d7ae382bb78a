import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { arbitraryJson } from '../../../test/support/arbitrary-json.js';
import { dumpedValue, wireDump } from '../../../test/support/wire-dump.js';
import { encodeGoJson } from './go-json.js';
import { UnencodableValueError } from './unencodable-value-error.js';

/** Written from the description of Go's format, slowly and without a look at the encoder. */
function referenceJson(value: unknown): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return referenceNumber(value);
  if (typeof value === 'string') return referenceString(value);
  if (Array.isArray(value)) return `[${value.map(referenceJson).join(',')}]`;
  const entries = Object.entries(value as object).map(([key, item]) => ({ key: Buffer.from(key), item }));
  entries.sort((a, b) => Buffer.compare(a.key, b.key));
  return `{${entries.map(({ key, item }) => `${referenceString(key.toString())}:${referenceJson(item)}`).join(',')}}`;
}

function referenceString(text: string): string {
  const short: Record<string, string> = {
    '"': '\\"',
    '\\': '\\\\',
    '\b': '\\b',
    '\f': '\\f',
    '\n': '\\n',
    '\r': '\\r',
    '\t': '\\t',
  };
  const inner = Array.from(text, (character) => {
    const code = character.codePointAt(0)!;
    if (short[character]) return short[character];
    if (code >= 0xd800 && code <= 0xdfff) return '\\ufffd';
    return code < 0x20 || '<>&\u2028\u2029'.includes(character)
      ? `\\u${code.toString(16).padStart(4, '0')}`
      : character;
  });
  return `"${inner.join('')}"`;
}

function referenceNumber(value: number): string {
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  const [digits, exponent] = Math.abs(value).toExponential().split('e') as [string, string];
  const [power, all] = [Number(exponent), digits.replace('.', '')];
  const sign = value < 0 ? '-' : '';
  if (power < -6 || power >= 21) return `${sign}${digits}e${power < 0 ? '-' : '+'}${Math.abs(power)}`;
  if (power < 0) return `${sign}0.${'0'.repeat(-power - 1)}${all}`;
  const whole = all.padEnd(power + 1, '0');
  return sign + (whole.length > power + 1 ? `${whole.slice(0, power + 1)}.${whole.slice(power + 1)}` : whole);
}

type Recorded =
  null | boolean | string | Recorded[] | { f: string } | { i: string } | { y: string } | { o: [string, Recorded][] };

function fromRecorded(value: Recorded): unknown {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(fromRecorded);
  if ('f' in value) return Number(value.f);
  if ('i' in value) return BigInt(value.i);
  if ('y' in value) return new Uint8Array(Buffer.from(value.y, 'base64'));
  return Object.fromEntries(value.o.map(([key, item]) => [key, fromRecorded(item)]));
}

function recorded(): { value: Recorded; go: string }[] {
  const lines = readFileSync(join(__dirname, '../../../test/fixtures/wire/go-encoding.jsonl'), 'utf8')
    .trimEnd()
    .split('\n');
  return lines.map((line) => JSON.parse(line) as { value: Recorded; go: string });
}

function argsOf(dumpedJob: string): string {
  return /"args":(.*)\}$/su.exec(dumpedJob)![1]!;
}

describe('encodeGoJson', () => {
  it('writes what JSON.parse reads back as the same value', () => {
    fc.assert(fc.property(arbitraryJson.value, (value) => expect(JSON.parse(encodeGoJson(value))).toEqual(value)));
  });

  it('writes the bytes of an independent encoder', () => {
    fc.assert(
      fc.property(arbitraryJson.value, (value) => expect(encodeGoJson(value)).toBe(referenceJson(value))),
      { numRuns: 500 },
    );
  });

  it('replaces halves of surrogate pairs as an independent encoder does', () => {
    const unit = fc.oneof(fc.integer({ min: 0xd700, max: 0xe0ff }), fc.constantFrom(0x61, 0x3c));
    fc.assert(
      fc.property(fc.array(unit), (units) => {
        const text = String.fromCharCode(...units);
        expect(encodeGoJson(text)).toBe(referenceString(text));
      }),
    );
  });

  it('writes the bytes that Go wrote for recorded values', () => {
    for (const { value, go } of recorded()) expect(encodeGoJson(fromRecorded(value))).toBe(go);
  });

  it('writes the bytes of jobs that gocraft/work enqueued', () => {
    const dumped = dumpedValue(wireDump('02-encoding'), 'w:jobs:enc') as readonly string[];
    const floatsKeysUnicodeHtml = [2, 4, 6, 8].map((index) => argsOf(dumped[index]!));
    for (const args of floatsKeysUnicodeHtml) expect(encodeGoJson(JSON.parse(args))).toBe(args);
    const controls = argsOf(dumped[7]!);
    expect(encodeGoJson(JSON.parse(controls), { escapes: 'go1.21' })).toBe(controls);
    expect(encodeGoJson(JSON.parse(controls))).toBe(controls.replace('\\u0008', '\\b').replace('\\u000c', '\\f'));
  });

  it('writes bigints of the whole int64 and uint64 range as integers', () => {
    const dumped = dumpedValue(wireDump('02-encoding'), 'w:jobs:enc') as readonly string[];
    const args = { i64max: 2n ** 63n - 1n, i64min: -(2n ** 63n), p53: 2n ** 53n + 1n, u64max: 2n ** 64n - 1n };
    expect(encodeGoJson(args)).toBe(argsOf(dumped[3]!));
  });

  it('sorts keys by UTF-8 and not by UTF-16, however many there are', () => {
    const keys = ['😀', '\uffee', 'é', 'a', '_', 'B', '<k>', '9', '10', ''];
    const many = Array.from({ length: 30 }, (_, index) => `k${index}`);
    expect(encodeGoJson(Object.fromEntries(keys.map((key) => [key, 1])))).toBe(
      '{"":1,"10":1,"9":1,"\\u003ck\\u003e":1,"B":1,"_":1,"a":1,"é":1,"\uffee":1,"😀":1}',
    );
    const written = Object.keys(JSON.parse(encodeGoJson(Object.fromEntries(many.map((key) => [key, 1])))) as object);
    expect(written).toEqual([...many].sort());
  });

  it('keeps the order of astral keys when it meets the same keys again', () => {
    const value = { '😀': 1, '\uffee': 2 };
    expect([encodeGoJson(value), encodeGoJson(value)]).toEqual(Array(2).fill('{"\uffee":2,"😀":1}'));
  });

  it('leaves out undefined properties, and writes null for undefined items, as JSON.stringify does', () => {
    expect(encodeGoJson({ b: undefined, a: [undefined, 1] })).toBe('{"a":[null,1]}');
  });

  it('honours toJSON once, and tells it the key', () => {
    const odd = { toJSON: (key: string) => ({ key, toJSON: () => 'never asked' }) };
    expect(() => encodeGoJson({ odd })).toThrow('value.odd.toJSON is a function');
    const date = new Date(Date.UTC(2020, 0, 2, 3, 4, 5, 6));
    expect(encodeGoJson({ date, key: { toJSON: (key: string) => key } })).toBe(
      '{"date":"2020-01-02T03:04:05.006Z","key":"key"}',
    );
  });

  it('writes bytes as base64, as Go does for a byte slice', () => {
    const bytes = Buffer.from([0x68, 0x65, 0x6c, 0x6c, 0x6f, 0xff]);
    expect(encodeGoJson([bytes, new Uint8Array(bytes), new Uint8Array(bytes.buffer, bytes.byteOffset, 2)])).toBe(
      '["aGVsbG//","aGVsbG//","aGU="]',
    );
  });

  it('writes instances of classes by their own properties, and boxed primitives as what they hold', () => {
    class Mail {
      to = 'a@example.com';
      #secret = 1;
      send() {
        return this.#secret;
      }
    }
    expect(encodeGoJson([new Mail(), Object(1), Object('x'), Object(true), Object(1n)])).toBe(
      '[{"to":"a@example.com"},1,"x",true,1]',
    );
  });

  it('ignores a toJSON that someone gave to bigint', () => {
    const prototype = BigInt.prototype as { toJSON?: () => string };
    prototype.toJSON = () => 'text';
    try {
      expect(encodeGoJson(1n)).toBe('1');
    } finally {
      delete prototype.toJSON;
    }
  });

  const circle: Record<string, unknown> = { list: [{}] };
  (circle['list'] as Record<string, unknown>[])[0]!['back'] = circle;
  it.each<[string, unknown, string]>([
    ['NaN', { a: { b: [1, NaN] } }, 'value.a.b[1] is NaN'],
    ['Infinity', { 'odd key': -Infinity }, 'value["odd key"] is -Infinity'],
    ['a bigint that Go cannot hold', [2n ** 64n], 'value[0] is a bigint outside int64 and uint64'],
    ['a negative bigint that Go cannot hold', [-(2n ** 63n) - 1n], 'value[0] is a bigint outside int64 and uint64'],
    ['a function', { go: () => 1 }, 'value.go is a function'],
    ['a symbol', [Symbol('s')], 'value[0] is a symbol'],
    ['undefined', undefined, 'value is undefined'],
    ['an invalid date', { at: new Date(NaN) }, 'value.at is an invalid Date'],
    ['a Map', { map: new Map() }, 'value.map is a Map, which JSON cannot carry; give Object.fromEntries(map)'],
    ['a Set', { set: new Set() }, 'value.set is a Set, which JSON cannot carry; give [...set]'],
    ['a promise', { later: Promise.resolve() }, 'value.later is a Promise; await it first'],
    ['an error', new Error('no'), 'value is an Error'],
    ['a regular expression', [/x/], 'value[0] is a RegExp'],
    ['a buffer of another kind', [new Float64Array(1)], 'value[0] is binary but no Uint8Array'],
    ['a circle', circle, 'value.list[0].back refers back to an object that contains it'],
    ['a circle further down', { far: { circle } }, 'value.far.circle.list[0].back refers back to'],
  ])('refuses %s and names the place', (_what, value, message) => {
    expect(() => encodeGoJson(value)).toThrow(UnencodableValueError);
    expect(() => encodeGoJson(value)).toThrow(message);
  });

  it('refuses what is nested more than 1,000 levels deep, and nothing less', () => {
    const nested = (levels: number) => JSON.parse('['.repeat(levels) + ']'.repeat(levels)) as unknown;
    expect(encodeGoJson(nested(1000))).toHaveLength(2000);
    expect(() => encodeGoJson(nested(1001))).toThrow('is nested more than 1000 levels deep');
  });

  it('names the getter that threw, and keeps what it threw as the cause', () => {
    const cause = new Error('not loaded');
    const order = {
      get total() {
        throw cause;
      },
    };
    expect(() => encodeGoJson({ order })).toThrow(expect.objectContaining({ path: 'value.order.total', cause }));
  });
});

import fc from 'fast-check';
import { arbitraryJson } from '../../../test/support/arbitrary-json.js';
import { fitsNumber, mayHoldBigIntegers, parseWithBigIntegers } from './big-integers.js';
import { encodeGoJson } from './go-json.js';

describe('parseWithBigIntegers', () => {
  it('reads integers beyond 2^53 as bigint, and all others as numbers', () => {
    const json = '{"a":9007199254740991,"b":9007199254740992,"c":[-9007199254740993],"d":18446744073709551615,"e":1}';
    const expected = { a: 9007199254740991, b: 2n ** 53n, c: [-9007199254740993n], d: 2n ** 64n - 1n, e: 1 };
    expect(parseWithBigIntegers(json)).toEqual(expected);
    expect(parseWithBigIntegers(Buffer.from(json))).toEqual(expected);
    expect(parseWithBigIntegers('12345678901234567890')).toBe(12345678901234567890n);
  });

  it('leaves fractions, exponents and what stands in strings and keys', () => {
    const json =
      '{"12345678901234567890":"x\\"12345678901234567890","f":12345678901234567890.5,"e":12345678901234567890e0}';
    expect(parseWithBigIntegers(json)).toEqual(JSON.parse(json));
  });

  it('leaves integers beyond float64 as JSON.parse makes them', () => {
    expect(parseWithBigIntegers('9'.repeat(400))).toBe(Infinity);
  });

  it('reads any JSON as JSON.parse does, but for the big integers, which it keeps exactly', () => {
    const withBig = fc.tuple(
      arbitraryJson.value,
      fc.bigInt({ min: 2n ** 53n, max: 2n ** 70n }),
      fc.constantFrom(1n, -1n),
    );
    fc.assert(
      fc.property(withBig, ([value, size, sign]) => {
        const json = `[${size * sign},${encodeGoJson(value)}]`;
        const parsed = parseWithBigIntegers(json);
        expect((parsed as unknown[])[0]).toBe(size * sign);
        expect(JSON.stringify(parsed, bigToNumber)).toBe(JSON.stringify(JSON.parse(json)));
      }),
    );
  });

  it('keeps __proto__ a key and changes no prototype', () => {
    const parsed = parseWithBigIntegers('{"__proto__":{"admin":9007199254740993}}') as { admin?: bigint };
    expect(Object.keys(parsed)).toEqual(['__proto__']);
    expect(parsed.admin).toBeUndefined();
  });

  it.each(['{12345678901234567890:1}', '12345678901234567890 1', '01234567890123456789', ''])('refuses %j', (json) => {
    expect(() => parseWithBigIntegers(json)).toThrow(SyntaxError);
  });

  it('reads strings of millions of escapes', () => {
    const json = `["${'\\"'.repeat(2_000_000)}",12345678901234567890]`;
    expect((parseWithBigIntegers(json) as unknown[])[1]).toBe(12345678901234567890n);
  });
});

describe('fitsNumber', () => {
  it.each([
    [2n ** 53n - 1n, true],
    [2n ** 53n, true],
    [2n ** 53n + 1n, false],
    [-(2n ** 53n) - 1n, false],
    [2n ** 64n - 1n, false],
    [2n ** 60n, false],
    [1_152_921_504_606_847_000n, true],
    [-(2n ** 63n), false],
    [2n ** 100n, false],
    [10n ** 308n, false],
    [10n ** 400n, false],
    // as Go and JavaScript write the number 1234567890123456789 + some
    [1_234_567_890_123_456_800n, true],
  ])('%d: %s', (integer, fits) => {
    expect(fitsNumber(integer)).toBe(fits);
  });

  it('holds for every integer that a number was written as', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e15, max: 1e20, noNaN: true }), (number) => {
        const integer = parseWithBigIntegers(encodeGoJson(Math.round(number)));
        expect(typeof integer === 'number' || fitsNumber(integer as bigint)).toBe(true);
      }),
    );
  });
});

describe('mayHoldBigIntegers', () => {
  it.each([
    ['{"a":123456789012345}', false],
    ['{"a":9007199254740993}', true],
    ['{"é":-9007199254740993}', true],
  ])('%s: %s', (json, may) => {
    expect([mayHoldBigIntegers(json), mayHoldBigIntegers(Buffer.from(json))]).toEqual([may, may]);
  });
});

function bigToNumber(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? Number(value) : value;
}

import fc from 'fast-check';

/** Code points that encoders get wrong: controls, what Go escapes, around the surrogates, astral. */
const EDGES = [
  0x00, 0x08, 0x0c, 0x1f, 0x22, 0x26, 0x2f, 0x3c, 0x3e, 0x5c, 0x7f, 0x2028, 0x2029, 0xe000, 0xfffd, 0xfeff,
];
const codePoint = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 0x20, max: 0x7e }) },
  { weight: 2, arbitrary: fc.constantFrom(...EDGES) },
  { weight: 1, arbitrary: fc.integer({ min: 0x80, max: 0xd7ff }) },
  { weight: 1, arbitrary: fc.integer({ min: 0xe000, max: 0x10ffff }) },
);

/** Well-formed text, mostly short. */
export const arbitraryText = fc.array(codePoint, { maxLength: 20 }).map((points) => String.fromCodePoint(...points));

/** Numbers, with those among them where notations change. */
export const arbitraryNumber = fc.oneof(
  fc.integer(),
  fc.maxSafeInteger(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.double({ min: 1e20, max: 1e22, noNaN: true }),
  fc.double({ min: 1e-7, max: 1e-5, noNaN: true }),
  fc.constantFrom(0, -0, 1e21, 1e-6, 1e-7, 5e-324, Number.MAX_VALUE, 2 ** 53, -(2 ** 63)),
);

const key = fc.oneof(
  arbitraryText,
  fc.constantFrom('', '10', '9', 'a', 'B', '_', 'toString', '__proto__', 'constructor'),
);

/** Objects have no prototype, so that `__proto__` is a key like any other. */
function jsonWith(number: fc.Arbitrary<number | bigint>) {
  return fc.letrec<{ value: unknown; object: Record<string, unknown> }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4, depthSize: 'small' },
      fc.constant(null),
      fc.boolean(),
      number,
      arbitraryText,
      fc.array(tie('value'), { maxLength: 5 }),
      tie('object'),
    ),
    object: fc.dictionary(key, tie('value'), { maxKeys: 6 }),
  }));
}

/** Anything that JSON can carry. */
export const arbitraryJson = jsonWith(arbitraryNumber);

/** An object that JSON can carry. */
export const arbitraryArguments = arbitraryJson.object;

/** One that has integers of 64 bits among its numbers, signed and not. */
export const arbitraryWideArguments = jsonWith(
  fc.oneof(arbitraryNumber, fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n })),
).object;

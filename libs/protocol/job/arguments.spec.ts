import { encodeArguments, encodeKey, MAX_ARGUMENT_BYTES } from './arguments.js';
import { InvalidArgumentsError } from './invalid-arguments-error.js';

function problemOf(args: unknown): string {
  try {
    encodeArguments('mail', args as object);
  } catch (error) {
    if (!(error instanceof InvalidArgumentsError)) throw error;
    expect(error).toMatchObject({ code: 'WORK_INVALID_ARGUMENTS', jobName: 'mail' });
    return error.problems.map(({ path, reason }) => `${path} ${reason}`).join('; ');
  }
  return 'none: it was encoded';
}

const BOOM = new Error('boom');
function fail(): never {
  throw BOOM;
}

function nested(levels: number): object {
  return JSON.parse('{"a":'.repeat(levels) + '1' + '}'.repeat(levels)) as object;
}

describe('encodeArguments', () => {
  it("writes an object in Go's bytes, and null", () => {
    expect(encodeArguments('mail', { to: '<a@example.com>', count: 1 })).toBe(
      '{"count":1,"to":"\\u003ca@example.com\\u003e"}',
    );
    expect(encodeArguments('mail', null)).toBe('null');
    expect(encodeArguments('mail', { s: '\b' }, { escapes: 'go1.21' })).toBe('{"s":"\\u0008"}');
  });

  it('takes what turns into an object', () => {
    expect(encodeArguments('mail', { toJSON: () => ({ a: 1 }) })).toBe('{"a":1}');
  });

  it.each<[string, unknown]>([
    ['an array', [1]],
    ['a date', new Date(0)],
    ['bytes', Buffer.from('x')],
    ['text', 'x'],
    ['a number', 1],
    ['what turns into null', { toJSON: () => null }],
  ])('refuses %s, which Go could not read', (_what, args) => {
    expect(problemOf(args)).toBe(
      'args must be an object or null; put a list or a single value into one, for example { items: […] }',
    );
  });

  it('names job, place and remedy in the message', () => {
    expect(() => encodeArguments('mail', { items: [{ price: NaN }] })).toThrow(
      'Arguments of job "mail" are not usable: args.items[0].price is NaN, which JSON cannot carry; give null or leave it out.',
    );
    expect(problemOf(new Map())).toBe('args is a Map, which JSON cannot carry; give Object.fromEntries(map)');
    expect(problemOf(undefined)).toBe('args is undefined; give null for none');
  });

  it.each(['__proto__', 'constructor', 'prototype'])('refuses a key %s at any depth', (key) => {
    const args = { list: [Object.fromEntries([[key, { admin: true }]])] };
    expect(problemOf(args)).toBe(`args.list[0].${key} has a key that reaches prototypes; rename it`);
  });

  it('takes 64 levels and refuses 65', () => {
    expect(encodeArguments('mail', nested(64))).toContain('{"a":1}');
    expect(problemOf(nested(65))).toMatch(/^args(\.a){64} is nested more than 64 levels deep/);
  });

  it('takes 1 MB and refuses one byte more, counted in UTF-8', () => {
    const frame = '{"s":""}'.length;
    expect(encodeArguments('mail', { s: 'x'.repeat(MAX_ARGUMENT_BYTES - frame) })).toHaveLength(MAX_ARGUMENT_BYTES);
    expect(problemOf({ s: 'x'.repeat(MAX_ARGUMENT_BYTES - frame + 1) })).toBe(
      'args is larger than 1000000 bytes of JSON; store it elsewhere and give its id',
    );
    expect(problemOf({ s: 'é'.repeat(MAX_ARGUMENT_BYTES / 2) })).toContain('is larger than');
  });

  it('gives up early on what would become huge: the same objects over and over, holes, many keys', () => {
    let shared: object = {};
    for (let level = 0; level < 60; level++) shared = { a: shared, b: shared };
    expect(problemOf(shared)).toContain('args is larger than');
    expect(problemOf({ holes: Object.assign([], { length: 4_000_000_000 }) })).toContain('args is larger than');
    expect(problemOf(Object.fromEntries(Array.from({ length: 200_000 }, (_, i) => [`key${i}`, i])))).toContain(
      'larger',
    );
  });

  it.each([
    ['a toJSON', { toJSON: () => fail() }],
    ['a getter', Object.defineProperty({}, 'to', { get: fail, enumerable: true })],
    ['a proxy', new Proxy({}, { ownKeys: fail })],
    ['a proxy of another kind', new Proxy({}, { getPrototypeOf: fail })],
  ])('says of %s that throws where it was, with what it threw as the cause', (_what, args) => {
    expect(problemOf(args)).toMatch(/^args(\.to)? threw while it was read; see the cause$/);
    expect(() => encodeArguments('mail', args)).toThrow(expect.objectContaining({ cause: BOOM }));
  });

  it('refuses a proxy that was revoked, which throws at every touch', () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    expect(problemOf(proxy)).toBe('args threw while it was read; see the cause');
  });
});

describe('encodeKey', () => {
  const circular: { self?: object } = {};
  circular.self = circular;

  it.each<[string, unknown, string]>([
    [
      'text',
      'user-1',
      'key must be an object, for example { userId: 1 }; for uniqueness by the arguments call enqueueUnique()',
    ],
    [
      'null',
      null,
      'key must be an object, for example { userId: 1 }; for uniqueness by the arguments call enqueueUnique()',
    ],
    [
      'undefined',
      undefined,
      'key must be an object, for example { userId: 1 }; for uniqueness by the arguments call enqueueUnique()',
    ],
    ['a circle', circular, 'key.self refers back to an object that contains it; give its id instead'],
    ['a bigint too large', { id: 2n ** 80n }, 'key.id '],
  ])('names the key, and not the arguments, where it is %s', (_what, key, problem) => {
    expect(() => encodeKey('mail', key as object)).toThrow(InvalidArgumentsError);
    expect(() => encodeKey('mail', key as object)).toThrow(problem);
  });

  it("writes an object in Go's bytes", () => {
    expect(encodeKey('mail', { b: 1, a: '<' })).toBe('{"a":"\\u003c","b":1}');
  });
});

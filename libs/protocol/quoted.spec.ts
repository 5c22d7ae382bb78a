import { quoted } from './quoted.js';

const circular: { self?: unknown } = {};
circular.self = circular;
const revoked = Proxy.revocable({}, {});
revoked.revoke();

describe('quoted', () => {
  it.each([
    ['send', '"send"'],
    ['line\nbreak', '"line\\nbreak"'],
    [10n, '10'],
    [Number.NaN, 'NaN'],
    [undefined, 'undefined'],
    [null, 'null'],
    [Symbol('x'), 'Symbol(x)'],
    [{ a: [1] }, '{"a":[1]}'],
    [new Date(Number.NaN), 'Invalid Date'],
    [Object.create(null), '{}'],
    [{ toJSON: () => undefined }, 'an object'],
  ])('shows %p as %s', (value, text) => {
    expect(quoted(value)).toBe(text);
  });

  it('shows what cannot be read as an object', () => {
    expect([quoted(circular), quoted(revoked.proxy)]).toEqual(['an object', 'an object']);
  });

  it('cuts what is long', () => {
    expect(quoted('x'.repeat(5_000))).toBe(`"${'x'.repeat(128)}…"`);
    expect(quoted('x'.repeat(128))).toBe(`"${'x'.repeat(128)}"`);
    expect(quoted({ a: 'x'.repeat(5_000) })).toHaveLength(129);
    expect(quoted(() => 'x'.repeat(5_000)).length).toBeLessThan(130);
  });
});

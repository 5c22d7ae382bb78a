import { delaySeconds } from './delay.js';
import { InvalidDelayError } from './invalid-delay-error.js';

describe('delaySeconds', () => {
  it.each([
    [90, 90],
    [0, 0],
    [-5, -5],
    [0.25, 0.25],
    ['500ms', 0.5],
    ['1ms', 0.001],
    ['30s', 30],
    ['1.5s', 1.5],
    ['5m', 300],
    ['2h', 7_200],
    ['1d', 86_400],
    ['1w', 604_800],
    ['-5m', -300],
    ['1h30m', 5_400],
    ['1d12h0.5s', 129_600.5],
    ['-1m30s', -90],
  ] as const)('reads %j as %d seconds', (delay, seconds) => {
    expect(delaySeconds(delay)).toBe(seconds);
  });

  it.each([
    NaN,
    Infinity,
    -Infinity,
    1e300,
    '',
    '5',
    'm',
    '5 m',
    '5M',
    '5min',
    '1h30',
    '1h-30m',
    '1h 30m',
    '1s'.repeat(7),
    '1e3s',
    '0x5s',
    '٣s',
    'Infinitys',
    '99999999w',
    '5m\n',
    `${'9'.repeat(400)}s`,
    null,
    undefined,
    {},
    [5],
    new Date(0),
    5n,
  ])('refuses %p', (delay) => {
    expect(() => delaySeconds(delay as never)).toThrow(InvalidDelayError);
  });

  it('names what was given and what is allowed', () => {
    expect(() => delaySeconds('5 minutes' as never)).toThrow(
      /^"5 minutes" is no delay\. Give seconds as a number, or numbers and their units \(ms, s, m, h, d, w\), for example 30,/,
    );
    expect(() => delaySeconds('x'.repeat(1e6) as never)).toThrow(/^.{1,300}$/);
  });
});

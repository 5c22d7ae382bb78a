import fc from 'fast-check';
import { PeriodicSpec } from './periodic-spec.js';

const spec = (expression: string, timezone: string) =>
  new PeriodicSpec(expression, { jobName: 'report', timezone, firesAfter: 1_795_486_200 });

function ticksAfter(periodic: PeriodicSpec, after: number, count: number): number[] {
  const ticks: number[] = [];
  for (let at: number | undefined = after; ticks.length < count;) {
    at = periodic.nextAfter(at);
    if (at === undefined) break;
    ticks.push(at);
  }
  return ticks;
}

describe('PeriodicSpec where the clock changes', () => {
  const local = (expression: string, timezone: string, day: string) => {
    const noon = Date.parse(`${day}T12:00:00Z`) / 1000;
    const format = new Intl.DateTimeFormat('sv', { timeZone: timezone, dateStyle: 'short', timeStyle: 'short' });
    const offset = new Intl.DateTimeFormat('en', { timeZone: timezone, timeZoneName: 'longOffset' });
    return spec(expression, timezone)
      .between(noon - 36 * 3600, noon + 36 * 3600)
      .map((tick) => `${format.format(tick * 1000)}${/GMT.*$/.exec(offset.format(tick * 1000))?.[0].slice(3)}`)
      .filter((text) => text.startsWith(day))
      .map((text) => text.slice(11));
  };

  it.each([
    ['30 2 * * *', 'America/New_York', '2026-03-08', ['03:30-04:00']],
    ['*/15 2 * * *', 'America/New_York', '2026-03-08', ['03:00-04:00', '03:15-04:00', '03:30-04:00', '03:45-04:00']],
    ['0 1-3 * * *', 'America/New_York', '2026-03-08', ['01:00-05:00', '03:00-04:00']],
    ['15 2 * * *', 'Australia/Lord_Howe', '2026-10-04', ['02:45+11:00']],
    ['30 2 * * *', 'Africa/Casablanca', '2026-03-22', ['03:30+01:00']],
    ['0 0 * * *', 'Asia/Beirut', '2026-03-29', ['01:00+03:00']],
  ])('%s in %s on %s, when hours are skipped, fires at %j', (expression, timezone, day, expected) => {
    expect(local(expression, timezone, day)).toEqual(expected);
  });

  it.each([
    ['30 1 * * *', 'America/New_York', '2026-11-01', ['01:30-04:00']],
    ['0 1-2 * * *', 'America/New_York', '2026-11-01', ['01:00-04:00', '02:00-05:00']],
    ['45 1 * * *', 'Australia/Lord_Howe', '2026-04-05', ['01:45+11:00']],
    ['30 2 * * *', 'Africa/Casablanca', '2026-02-15', ['02:30+01:00']],
    ['30 23 * * *', 'America/Santiago', '2026-04-04', ['23:30-03:00']],
  ])('%s in %s on %s, when hours come twice, fires at %j', (expression, timezone, day, expected) => {
    expect(local(expression, timezone, day)).toEqual(expected);
  });

  it('goes by elapsed time where the expression fires in every hour', () => {
    expect(local('*/30 * * * *', 'America/New_York', '2026-11-01').slice(1, 7)).toEqual([
      '00:30-04:00',
      '01:00-04:00',
      '01:30-04:00',
      '01:00-05:00',
      '01:30-05:00',
      '02:00-05:00',
    ]);
    expect(local('0 * * * *', 'America/New_York', '2026-03-08')).toHaveLength(23);
    expect(local('0 * * * *', 'Australia/Lord_Howe', '2026-04-05')).toHaveLength(24);
    expect(local('0 0-22 * * *', 'America/Nuuk', '2026-03-28')).toHaveLength(23);
  });

  const CHANGES: readonly (readonly [string, string])[] = [
    ['America/New_York', '2026-03-08T07:00:00Z'],
    ['America/New_York', '2026-11-01T06:00:00Z'],
    ['Australia/Lord_Howe', '2026-04-04T15:00:00Z'],
    ['Australia/Lord_Howe', '2026-10-03T15:30:00Z'],
    ['Africa/Casablanca', '2026-02-15T02:00:00Z'],
    ['Africa/Casablanca', '2026-03-22T02:00:00Z'],
    ['Asia/Beirut', '2026-03-28T22:00:00Z'],
    ['America/Nuuk', '2026-03-29T01:00:00Z'],
    ['Antarctica/Troll', '2026-03-29T01:00:00Z'],
    ['UTC', '2026-03-29T01:00:00Z'],
  ];
  const EXPRESSIONS = [
    '30 2 * * *',
    '*/7 1-3 * * *',
    '0 1-2 * * *',
    '*/20 * * * *',
    '10 0,1,23 * * *',
    '15 */2 * * 0',
    '45 23 * * *',
  ];

  it('gives the same ticks wherever a search begins: between() is nextAfter() repeated', () => {
    const around = fc.integer({ min: -30 * 3600, max: 30 * 3600 });
    fc.assert(
      fc.property(
        fc.constantFrom(...CHANGES),
        fc.constantFrom(...EXPRESSIONS),
        around,
        around,
        (change, expression, a, b) => {
          const periodic = spec(expression, change[0]);
          const at = Date.parse(change[1]) / 1000;
          const [from, to] = [at + Math.min(a, b), at + Math.max(a, b)];
          const all = periodic.between(at - 3 * 86_400, to);
          const between = periodic.between(from, to);
          expect(between).toEqual(all.filter((tick) => tick > from));
          expect(ticksAfter(periodic, from, between.length)).toEqual(between);
        },
      ),
      { numRuns: 300 },
    );
  });
});

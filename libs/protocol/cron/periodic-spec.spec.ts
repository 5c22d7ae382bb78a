import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InvalidCronError } from './invalid-cron-error.js';
import { PeriodicSpec } from './periodic-spec.js';

interface RobfigFixture {
  readonly ticks: readonly { readonly spec: string; readonly after: number; readonly ticks: readonly number[] }[];
  readonly refused: readonly string[];
}

const robfig = JSON.parse(
  readFileSync(join(__dirname, '../../../test/fixtures/cron/robfig.json'), 'utf8'),
) as RobfigFixture;

const NOW = 1_795_486_200; // 2026-11-24 02:10:00 UTC

const spec = (expression: string, timezone?: string) =>
  new PeriodicSpec(expression, { jobName: 'report', timezone, firesAfter: NOW });

function ticksAfter(periodic: PeriodicSpec, after: number, count: number): number[] {
  const ticks: number[] = [];
  for (let at: number | undefined = after; ticks.length < count;) {
    at = periodic.nextAfter(at);
    if (at === undefined) break;
    ticks.push(at);
  }
  return ticks;
}

function refusal(make: () => unknown): InvalidCronError {
  try {
    make();
  } catch (error) {
    if (error instanceof InvalidCronError) return error;
    throw error;
  }
  throw new Error('Nothing was refused.');
}

describe('PeriodicSpec beside robfig/cron', () => {
  it.each(robfig.ticks.filter(({ ticks }) => ticks.length > 0))('$spec fires when Go fires it', (recorded) => {
    const periodic = new PeriodicSpec(recorded.spec, {
      jobName: 'j',
      firesAfter: recorded.after,
      ...inUtc(recorded.spec),
    });
    expect(ticksAfter(periodic, recorded.after, recorded.ticks.length)).toEqual(recorded.ticks);
  });

  it.each(robfig.ticks.filter(({ ticks }) => ticks.length === 0))(
    '$spec, which loops for ever in Go, is refused',
    (recorded) => {
      expect(refusal(() => spec(recorded.spec, 'UTC')).reason).toContain('never fires');
    },
  );

  it.each(robfig.refused)('refuses %j as Go does', (expression) => {
    expect(refusal(() => spec(expression)).code).toBe('WORK_INVALID_CRON');
  });
});

/** The recording process ran in UTC; this one may not. */
function inUtc(expression: string): { timezone?: string } {
  return expression.includes('TZ=') ? {} : { timezone: 'UTC' };
}

describe('PeriodicSpec', () => {
  it('names the job, the expression and what is wrong', () => {
    const error = refusal(() => spec('61 * * * *'));
    expect(error).toMatchObject({ expression: '61 * * * *', jobName: 'report', name: 'InvalidCronError' });
    expect(error.message).toContain(
      'Cron expression "61 * * * *" of job "report" is not usable: "61" in field "minute"',
    );
    expect(error.message).toContain('"0 3 * * *"');
  });

  it.each([
    ['H(0-99) * * * *', '"99"'],
    ['H(9-1) * * * *', 'begins after its end'],
    ['H/0 * * * *', 'step /0'],
    ['*/90 * * * *', 'step /90'],
    ['0 0 LW * *', '"LW"'],
    ['0 0 * * L', '"L"'],
    ['0 0 * * 1#6', '"1#6"'],
    ['٣ * * * *', 'character'],
    ['* * * * *\u0000', 'character'],
    ['1,'.repeat(64) + '1 * * * *', '137 characters'],
    ['@every 500ms', 'shorter than 1 second'],
    ['@every -5m', 'no duration'],
    ['@every 99999999h', 'longer than 5 years'],
    ['TZ= * * * * *', 'no time zone ""'],
    ['TZ=+02:00 * * * * *', 'no time zone "+02:00"'],
    ['TZ=UTC', '1 fields'],
    ['0 0 31 2,4 *', 'never fires'],
    ['0 0 31 2 1#5', 'never fires'],
    ['constructor', '1 fields'],
    ['@constructor', 'none of'],
  ])('refuses %j, saying %j', (expression, reason) => {
    expect(refusal(() => spec(expression)).reason).toContain(reason);
  });

  it.each([undefined, null, 5, {}, ['* * * * *']])('refuses %j, which is no text', (expression) => {
    expect(refusal(() => spec(expression as never)).reason).toContain('must be text');
  });

  it('refuses a megabyte without reading or repeating it', () => {
    const error = refusal(() => spec('* '.repeat(500_000)));
    expect(error.reason).toContain('1000000 characters');
    expect(error.message.length).toBeLessThan(600);
  });

  it('refuses a time zone that Intl does not know, from the option as from the prefix', () => {
    expect(refusal(() => spec('* * * * *', 'Mars/Phobos')).reason).toBe('there is no time zone "Mars/Phobos"');
    expect(refusal(() => spec('* * * * *', '')).reason).toBe('there is no time zone ""');
  });

  it('says of a wrong time zone how one is named, and nothing of fields, and says all once', () => {
    const error = refusal(() => spec('0 3 * * *', 'Mars/Phobos'));
    expect(error.message).toMatch(
      /is not usable: there is no time zone "Mars\/Phobos"\. Name one as IANA does, [^.]*\.$/,
    );
    expect(error).not.toHaveProperty('cause');
    expect(refusal(() => spec('nonsense')).message).toMatch(/Give five fields .* for example "0 3 \* \* \*"\.$/);
  });

  it('refuses two time zones that differ', () => {
    expect(refusal(() => spec('TZ=Asia/Tokyo * * * * *', 'UTC')).reason).toContain(
      '"Asia/Tokyo", and the option names "UTC"',
    );
    expect(spec('TZ=UTC * * * * *', 'UTC').timezone).toBe('UTC');
  });

  it.each([
    ['0 3 * * *', undefined, 'periodic:report:0 3 * * *:1795489200'],
    ['0 3 * * *', 'UTC', 'periodic:report:CRON_TZ=UTC 0 3 * * *:1795489200'],
    ['TZ=UTC 0 3 * * *', 'UTC', 'periodic:report:TZ=UTC 0 3 * * *:1795489200'],
    ['@midnight', undefined, 'periodic:report:@midnight:1795489200'],
    [' 0  3 * * * ', undefined, 'periodic:report: 0  3 * * * :1795489200'],
  ])('writes %j in %s into the id as Go would', (expression, timezone, id) => {
    expect(spec(expression, timezone).idAt(1_795_489_200)).toBe(id);
  });

  it('takes the time zone of the process where none is named, and says so', () => {
    const periodic = spec('0 3 * * *');
    expect(periodic).toMatchObject({
      timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      namesTimezone: false,
    });
    expect(spec('TZ=Asia/Tokyo 0 3 * * *')).toMatchObject({ timezone: 'Asia/Tokyo', namesTimezone: true });
    expect(spec('@every 1m').namesTimezone).toBe(true);
  });

  it.each([
    ['@every 90s', 90],
    ['@every 1h30m', 5400],
    ['@every 1.5h', 5400],
    ['@every 1.15m', 69],
    ['@every 1999ms', 1],
    ['@every .5m', 30],
  ])('%s fires at multiples of %d s since the epoch', (expression, seconds) => {
    const first = Math.ceil((NOW + 1) / seconds) * seconds;
    expect(ticksAfter(spec(expression), NOW, 3)).toEqual([first, first + seconds, first + 2 * seconds]);
  });

  it('chooses what H stands for by the job name alone', () => {
    const at = (jobName: string) => new PeriodicSpec('H H * * *', { jobName, timezone: 'UTC' }).nextAfter(NOW);
    expect(at('report')).toBe(at('report'));
    expect(new Set(['a', 'b', 'c', 'd', 'e'].map(at)).size).toBeGreaterThan(1);
  });

  it('knows the forms that only cron-parser has', () => {
    const day = (expression: string) => new Date((spec(expression, 'UTC').nextAfter(NOW) ?? 0) * 1000).toISOString();
    expect(day('0 0 L * *')).toBe('2026-11-30T00:00:00.000Z');
    expect(day('0 0 * * FRIL')).toBe('2026-11-27T00:00:00.000Z');
    expect(day('0 0 * * MON#2')).toBe('2026-12-14T00:00:00.000Z');
    expect(day('0 0 * * 7')).toBe('2026-11-29T00:00:00.000Z');
    expect(day('@weekdays')).toBe('2026-11-25T00:00:00.000Z');
  });

  it('gives the ticks strictly between two instants', () => {
    const periodic = spec('* * * * *', 'UTC');
    expect(periodic.between(NOW, NOW + 240)).toEqual([NOW + 60, NOW + 120, NOW + 180]);
    expect(periodic.between(NOW - 1, NOW + 1)).toEqual([NOW]);
    expect(periodic.between(NOW, NOW)).toEqual([]);
  });

  it('finds no tick where none follows within five years', () => {
    expect(spec('0 0 29 2 *', 'UTC').nextAfter(Date.UTC(2096, 2, 1) / 1000)).toBeUndefined();
  });
});

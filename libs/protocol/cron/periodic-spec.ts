import { readCronExpression, type CronReading } from './cron-expression.js';
import { CronSchedule, EverySchedule, NEVER_FIRES, type Schedule } from './cron-schedule.js';
import type { EpochSeconds } from '../job/epoch-seconds.js';
import { InvalidCronError, TimezoneProblem } from './invalid-cron-error.js';

export interface PeriodicSpecOptions {
  /** The job that is due; it also decides what `H` in the expression stands for. */
  readonly jobName: string;
  /**
   * IANA name, for example "Europe/Berlin".
   *
   * @default the process's own time zone
   */
  readonly timezone?: string | undefined;
  /** From when on the expression must fire within five years. By default now. */
  readonly firesAfter?: EpochSeconds;
}

/**
 * When a periodic job is due: a cron expression of five fields (minute, hour, day of month, month, day of week) or six
 * (seconds first), a descriptor (`@yearly` `@annually` `@monthly` `@weekly` `@daily` `@midnight` `@hourly`, and, unknown to
 * Go, `@minutely` `@secondly` `@weekdays` `@weekends`), or `@every 90s`, a Go duration of at least a second, which fires at
 * multiples since the epoch. `TZ=Area/City ` or `CRON_TZ=Area/City ` before it names the time zone.
 *
 * The rules are those of gocraft/work's robfig/cron: lists, ranges, steps and names; where both day of month and day of
 * week are restricted, either suffices. Go refuses, and so a spec that Go shares must avoid: 7 for Sunday, `L` (last day of
 * the month; `5L` is the last Friday), `5#3` (third Friday), `H` (a value chosen by the job's name). Steps wider than their
 * field, which Go takes, are refused here, and `@every`, which Go counts from the start of each process, agrees everywhere.
 *
 * Where the clock changes, an expression that fires in every hour goes by elapsed time, as in Go. One that names hours
 * fires once for each time of day: 02:30, where the clock goes from 02:00 to 03:00, at 03:30 (Go leaves it out); 01:30,
 * where 01:00 to 02:00 comes twice, the first time only (Go fires twice).
 */
export class PeriodicSpec {
  readonly jobName: string;
  readonly expression: string;
  readonly timezone: string;
  /** False where neither an option nor a prefix names the time zone, so that the process decides. */
  readonly namesTimezone: boolean;
  /** What stands in a tick's id: the expression as given, with `CRON_TZ=<zone> ` before it where the option names a zone. */
  readonly idText: string;
  readonly #schedule: Schedule;

  /** @throws InvalidCronError where the expression or time zone is wrong, or nothing is due within five years. */
  constructor(expression: string, options: PeriodicSpecOptions) {
    try {
      const reading = readCronExpression(expression);
      const named = chooseTimezone(reading.timezone, options.timezone);
      this.jobName = options.jobName;
      this.expression = expression;
      this.timezone = named ?? processTimezone();
      this.namesTimezone = named !== undefined || 'everySeconds' in reading.timing;
      this.idText =
        reading.timezone === undefined && named !== undefined ? `CRON_TZ=${named} ${expression}` : expression;
      this.#schedule = makeSchedule(reading.timing, this.timezone, options.jobName);
      if (this.nextAfter(options.firesAfter ?? Math.floor(Date.now() / 1000)) === undefined)
        throw new Error(NEVER_FIRES);
    } catch (error) {
      throw new InvalidCronError(expression, options.jobName, error);
    }
  }

  /** The first tick after the instant; undefined where none follows within five years. */
  nextAfter(after: EpochSeconds): EpochSeconds | undefined {
    return this.next(after, 1)[0];
  }

  /** The first ticks after the instant, `count` of them where so many follow. */
  next(after: EpochSeconds, count: number): EpochSeconds[] {
    const ticks: EpochSeconds[] = [];
    if (count < 1) return ticks;
    for (const tick of this.#schedule.ticks(after)) {
      if (ticks.push(tick) >= count) break;
    }
    return ticks;
  }

  /** All ticks strictly between the two instants, in order. */
  between(fromExclusive: EpochSeconds, toExclusive: EpochSeconds): EpochSeconds[] {
    const ticks: EpochSeconds[] = [];
    for (const tick of this.#schedule.ticks(fromExclusive)) {
      if (tick >= toExclusive) break;
      ticks.push(tick);
    }
    return ticks;
  }

  /** The job id of a tick, the same in every process that knows the spec: `periodic:<job>:<spec>:<instant>`. */
  idAt(tick: EpochSeconds): string {
    return `periodic:${this.jobName}:${this.idText}:${tick}`;
  }
}

function makeSchedule(timing: CronReading['timing'], timezone: string, hashSeed: string): Schedule {
  return 'everySeconds' in timing
    ? new EverySchedule(timing.everySeconds)
    : new CronSchedule(timing.fields, timezone, hashSeed);
}

function chooseTimezone(prefix: string | undefined, option: string | undefined): string | undefined {
  if (prefix !== undefined && option !== undefined && prefix !== option) {
    throw new TimezoneProblem(`it names time zone "${prefix}", and the option names "${String(option).slice(0, 64)}"`);
  }
  const timezone = prefix ?? option;
  if (timezone !== undefined && !isTimezone(timezone))
    throw new TimezoneProblem(`there is no time zone "${String(timezone).slice(0, 64)}"`);
  return timezone;
}

/** Names only: an offset such as +02:00, which Intl takes as well, is unknown to Go. */
function isTimezone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

function processTimezone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}

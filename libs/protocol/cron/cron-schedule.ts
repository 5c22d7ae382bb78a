import { CronExpression, CronExpressionParser, type CronFieldCollection } from 'cron-parser';
import { WallClock, type WallSeconds } from './cron-wall-clock.js';
import type { EpochSeconds } from '../job/epoch-seconds.js';

/** As far as robfig/cron looks for a next activation. */
export const SEARCH_LIMIT_SECONDS = 5 * 366 * 86_400;

export const NEVER_FIRES = 'it never fires, or not within five years';

const HOURS_A_DAY = 24;

/** Instants at which a periodic job is due. */
export interface Schedule {
  /** Those after `after`, in order; it ends where none follows within five years of `after`. */
  ticks(after: EpochSeconds): Iterable<EpochSeconds>;
}

/** At multiples of the interval since the epoch, so that all pools agree. */
export class EverySchedule implements Schedule {
  constructor(private readonly everySeconds: number) {}

  *ticks(after: EpochSeconds): Iterable<EpochSeconds> {
    for (let tick = Math.floor(after / this.everySeconds) + 1; ; tick += 1) yield tick * this.everySeconds;
  }
}

/**
 * Six checked fields in a time zone. cron-parser finds the times on the wall, as if the zone were UTC; the zone's clock makes
 * instants of them. So a tick depends on the expression alone, and not on where a search began.
 *
 * cron-parser's own search in a time zone knows a skipped or repeated hour only while it passes over it: asked at 03:10 for
 * `30 2 * * *` it does not find 03:30, `0 * * * *` ends for ever when Lord Howe sets its clock back by half an hour, and
 * `0 0-22 * * *` loses a day where Nuuk sets its forward at 23:00.
 */
export class CronSchedule implements Schedule {
  readonly #fields: CronFieldCollection;
  readonly #clock: WallClock;
  /** An expression that names hours means times of the day, each once; one that fires in every hour follows the clock. */
  readonly #once: boolean;

  /** @throws Error whose message is the reason. `hashSeed` decides what `H` stands for. */
  constructor(fields: string, timezone: string, hashSeed: string) {
    this.#fields = parse(fields, hashSeed);
    this.#clock = new WallClock(timezone);
    this.#once = this.#fields.hour.values.length < HOURS_A_DAY;
  }

  *ticks(after: EpochSeconds): Iterable<EpochSeconds> {
    let last = after;
    for (const tick of this.#inOrder(after)) {
      if (tick > last) yield (last = tick);
    }
  }

  /** Times on the wall are in order, their instants are not around a change: each waits until none before it can follow. */
  *#inOrder(after: EpochSeconds): Iterable<EpochSeconds> {
    const waiting: EpochSeconds[] = [];
    for (const wall of this.#wallTimes(after)) {
      const offsets = this.#clock.offsetsAroundWall(wall);
      waiting.push(...this.#clock.instants(wall, offsets, this.#once));
      yield* takeUpTo(wall - Math.max(offsets.before, offsets.after), waiting);
    }
    yield* takeUpTo(Infinity, waiting);
  }

  *#wallTimes(after: EpochSeconds): Iterable<WallSeconds> {
    const { before, after: later } = this.#clock.offsetsAround(after);
    const start = after + Math.min(before, later);
    const endDate = (start + SEARCH_LIMIT_SECONDS) * 1000;
    const search = new CronExpression(this.#fields, { tz: 'UTC', currentDate: start * 1000, endDate });
    for (const date of search) yield date.getTime() / 1000;
  }
}

function takeUpTo(limit: EpochSeconds, waiting: EpochSeconds[]): readonly EpochSeconds[] {
  waiting.sort((one, other) => one - other);
  const firstLater = waiting.findIndex((instant) => instant > limit);
  return waiting.splice(0, firstLater < 0 ? waiting.length : firstLater);
}

function parse(fields: string, hashSeed: string): CronFieldCollection {
  try {
    return CronExpressionParser.parse(fields, { hashSeed, tz: 'UTC', currentDate: 0 }).fields;
  } catch (error) {
    const isImpossibleDay = error instanceof Error && error.message.startsWith('Invalid explicit day of month');
    throw isImpossibleDay ? new Error(NEVER_FIRES, { cause: error }) : error;
  }
}

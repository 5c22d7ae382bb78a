import { CronDate } from 'cron-parser';
import type { EpochSeconds } from '../job/epoch-seconds.js';

/** What a clock on the wall shows, as seconds since 1970-01-01 00:00 on that same clock. */
export type WallSeconds = number;

/** The offsets from UTC, in seconds, some hours before and after an instant: different where the clock changes in between. */
export interface Offsets {
  readonly before: number;
  readonly after: number;
}

/** Longer than any change of a clock, which moves by two hours at most. */
const NEIGHBOURHOOD_SECONDS = 6 * 3_600;
/** Clocks change at full quarters of an hour. */
const QUARTER_SECONDS = 900;
const MAX_REMEMBERED = 64;

/** The clock of a time zone, and what becomes of times that it skips or shows twice. */
export class WallClock {
  readonly #offsets = new Map<number, number>();

  constructor(private readonly timezone: string) {}

  offsetsAround(instant: EpochSeconds): Offsets {
    return {
      before: this.#offset(instant - NEIGHBOURHOOD_SECONDS),
      after: this.#offset(instant + NEIGHBOURHOOD_SECONDS),
    };
  }

  offsetsAroundWall(wall: WallSeconds): Offsets {
    return this.offsetsAround(wall - this.#offset(wall - this.#offset(wall)));
  }

  /**
   * The instants at which the clock shows a time: one as a rule, none where it is skipped, two where it comes twice. With
   * `once`, a skipped time counts as that much after the change, 02:30 as 03:30, and of two the first counts.
   */
  instants(wall: WallSeconds, { before, after }: Offsets, once: boolean): readonly EpochSeconds[] {
    if (before === after) return [wall - before];
    const shown = [wall - before, wall - after].filter((instant) => instant + this.#offset(instant) === wall);
    if (!once) return shown;
    return [shown[0] ?? wall - before];
  }

  #offset(instant: EpochSeconds): number {
    const quarter = Math.floor(instant / QUARTER_SECONDS);
    const known = this.#offsets.get(quarter);
    if (known !== undefined) return known;
    if (this.#offsets.size >= MAX_REMEMBERED) this.#offsets.clear();
    const offset = new CronDate(quarter * QUARTER_SECONDS * 1000, this.timezone).getUTCOffset() * 60;
    this.#offsets.set(quarter, offset);
    return offset;
  }
}

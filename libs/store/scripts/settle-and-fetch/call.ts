import type { Settlement } from './settlement.js';

export interface NamedQueue {
  readonly name: string;
  /** Its share of the jobs taken is priority / sum of the priorities of the queues that can be taken from. */
  readonly priority: number;
  /**
   * Most jobs of it at once that the pool declares: with one, a limit that gocraft/work lifted is set again.
   *
   * @default 0, none
   */
  readonly limit?: number;
}

export interface Settle {
  readonly queueName: string;
  /** As they stand in the in-progress list. */
  readonly bytes: Buffer;
  readonly settlement: Settlement;
}

export interface SettleAndFetchCall {
  readonly poolId: string;
  /** Above the number of every call that the pool made before. */
  readonly number: number;
  readonly wanted: number;
  /** How many of those wanted have no free slot yet: never taken of a type with a limit. */
  readonly ahead: number;
  /** 0 to 2³¹ − 1, by chance: decides the draw where several queues are named. */
  readonly seed: number;
  /** Those to take from. The queues of the settles are named besides. */
  readonly queues: readonly NamedQueue[];
  readonly settles: readonly Settle[];
}

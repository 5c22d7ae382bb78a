/** What happens to pools, this one and others. */
export type LivenessEvent =
  /** Redis answers the heartbeat with an error; unless that ends within seconds, the pool counts as dead. */
  | { readonly type: 'beat_refused'; readonly poolId: string; readonly error: unknown }
  | { readonly type: 'beat_accepted_again'; readonly poolId: string }
  /** A dead pool's jobs were moved back to their queues. */
  | {
      readonly type: 'pool_reaped';
      readonly poolId: string;
      readonly cause: 'dead' | 'orphan' | 'continue';
      /** Jobs that run again. */
      readonly recovered: number;
      /** Jobs given up. */
      readonly poisoned: number;
    }
  /** A job was running when its process died, for the third time: it was sent to dead. */
  | { readonly type: 'job_poisoned'; readonly job: string; readonly jobId: string; readonly poolId: string };

/** A job that Redis has accepted. */
export interface EnqueuedJob {
  /** 24 hex characters, given to the job for its whole life. */
  readonly id: string;
  readonly name: string;
  /** When it was enqueued, by Redis' clock, cut to the second. */
  readonly enqueuedAt: Date;
}

/** A job that waits for its time. */
export interface ScheduledJob extends EnqueuedJob {
  /** When it moves to its queue, a whole second. */
  readonly runAt: Date;
}

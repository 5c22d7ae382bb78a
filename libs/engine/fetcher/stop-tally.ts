/** How a stop went. */
export interface StopTally {
  /** Running jobs that ended within the grace period. */
  readonly finished: number;
  /** Running jobs whose signals were aborted. */
  readonly interrupted: number;
  /** Of these, jobs that went back to their queues while their handlers still ran. */
  readonly abandoned: number;
  /** Jobs whose end Redis had not confirmed when the stop ended: other pools take them over as those of a dead one. */
  readonly unsettled: number;
}

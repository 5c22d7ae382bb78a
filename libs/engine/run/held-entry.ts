/** What a run needs of a job that the fetcher holds. */
export interface HeldEntry {
  /** The job type whose list it came from, which need not be the document's name. */
  readonly queueName: string;
  /** As in the in-progress list now. */
  readonly bytes: Buffer;
  readonly poolId: string;
  /** Aborts when the run must end. Made when first asked for, so ask only where needed. */
  readonly signal: AbortSignal;
  /** While `replace` runs nobody reads the list; afterwards `bytes` is what it answered. */
  claim(replace: () => Promise<Buffer>): Promise<void>;
  /** Gives its slot to other jobs while `wait` runs, and has one again when this resolves. */
  aside?(wait: () => Promise<void>): Promise<void>;
}

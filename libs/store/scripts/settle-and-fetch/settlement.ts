/** A failed attempt, appended to the job's list of the last 25, which is kept for 7 days. */
export interface AttemptRecord {
  readonly jobId: string;
  readonly line: string;
}

/** What becomes of the in-progress entry of a fetched job. */
export type Settlement = { readonly attempt?: AttemptRecord } & (
  | {
      /** The entry is removed. */
      readonly kind: 'succeeded' | 'discarded';
    }
  | {
      /** It moves into the sorted set of that name. */
      readonly kind: 'retry' | 'scheduled' | 'dead';
      /** Whole epoch seconds. */
      readonly score: number;
      readonly bytes: Buffer;
    }
  | {
      /** It goes back, as it is, to the end of the queue that runs next. No attempt is spent. */
      readonly kind: 'back';
    }
  | {
      readonly kind: 'quarantined';
      /** As `encodeQuarantined` of #protocol makes it. */
      readonly entry: Buffer;
    }
);

export const GIVEN_BACK: Settlement = Object.freeze({ kind: 'back' });

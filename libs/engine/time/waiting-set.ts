/** The sorted sets in which jobs wait for their time. */
export type WaitingSet = 'retry' | 'scheduled';

/** Whole seconds since the Unix epoch, the only unit of time on the wire. */
export type EpochSeconds = number;

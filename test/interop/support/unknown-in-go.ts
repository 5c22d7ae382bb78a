/** The `err` of a job that a Go requeuer buried, since its pool does not know the type. */
export const UNKNOWN_IN_GO = 'unknown job when requeueing';

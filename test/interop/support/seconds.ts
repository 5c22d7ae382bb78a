/** Later than any test lasts. */
export const LATER_SECONDS = 300;

/** Seconds since the epoch, as on the wire. The Redis of a test runs on this machine: they are its own as well. */
export const seconds = () => Math.floor(Date.now() / 1000);

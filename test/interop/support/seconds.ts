/** Later than any test lasts. */
export const LATER_SECONDS = 300;

/** Seconds since the epoch, as on the wire. The Redis of a test runs on this machine: they are its own as well. */
export const seconds = () => Math.floor(Date.now() / 1000);

/** How far ahead a pass of either side puts periodic jobs up. */
export const HORIZON_SECONDS = 240;

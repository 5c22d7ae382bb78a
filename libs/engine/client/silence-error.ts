import { ConnectionLostError } from '#store';

/** Redis said nothing for too long. Of a connection that is lost otherwise, the connection itself says more. */
export class SilenceError extends ConnectionLostError {}

import { WorkError } from '#protocol';

/** The connection options would make this package write other keys, or cannot be understood. */
export class InvalidConnectionError extends WorkError {
  readonly code = 'WORK_INVALID_CONNECTION';
}

/** No Redis answered within the time given. */
export class RedisUnreachableError extends WorkError {
  readonly code = 'WORK_REDIS_UNREACHABLE';

  constructor(
    /** host:port, or the path of a socket. */
    readonly target: string,
    readonly waitedMs: number,
    cause: unknown,
  ) {
    super(
      `Redis at ${target} did not answer within ${Math.round(waitedMs / 100) / 10} s: ${reasonOf(cause)}. Start it, correct "connection", or ` +
        `set whenRedisIsDown: 'wait' to start without it.`,
      { cause },
    );
  }
}

/** An AggregateError (a host with several addresses) has a code and no text. */
function reasonOf(cause: unknown): string {
  const { message, code } = (cause ?? {}) as { readonly message?: string; readonly code?: string };
  return message || code || 'no answer';
}

import { WorkError } from '#protocol';
import { replyText } from '../error-reply.js';
import { adviceOnRefusal, adviceOnSilence } from './advice.js';

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
    cause: Error | undefined,
    usesTls?: boolean,
  ) {
    const reason = cause ? `: ${reasonOf(cause)}` : '';
    super(
      `Redis at ${target} did not answer within ${Math.round(waitedMs / 100) / 10} s${reason}. ${adviceOnSilence(cause, usesTls)}`,
      { cause },
    );
  }
}

/** The connection to Redis failed before it answered, so that nobody knows whether it changed what it was to change. */
export class RedisLostError extends WorkError {
  readonly code = 'WORK_REDIS_LOST';

  constructor(
    /** host:port, or the path of a socket. */
    readonly target: string,
    override readonly cause: Error,
  ) {
    super(
      `Redis at ${target} is lost: ${reasonOf(cause)}. Ask again when it is back. What was to be changed may be ` +
        'changed or not, and nothing is done twice by asking again.',
      { cause },
    );
  }
}

/** A key that holds something else than what belongs there. */
export interface MistypedKey {
  readonly key: string;
  /** Redis' names of types, for example `string` and `set`. */
  readonly holds: string;
  readonly expected: string;
}

/** Redis answered, with an error that does not pass by itself: a login, a permission, a replica, a key of another type. */
export class RedisRefusedError extends WorkError {
  readonly code = 'WORK_REDIS_REFUSED';
  /** The key that Redis' error is about, where that is known. */
  readonly key: string | undefined;

  /** @param refused what was refused, for example `the connection` */
  constructor(
    /** host:port, or the path of a socket. */
    readonly target: string,
    refused: string,
    /** Redis' error reply. */
    override readonly cause: Error,
    mistyped?: MistypedKey,
  ) {
    const { key, holds, expected } = mistyped ?? {};
    const where =
      key === undefined ? [] : [`Key ${JSON.stringify(key)} holds a ${holds}, and a ${expected} belongs there.`];
    const said = replyText(cause).replace(/\.*$/, '.');
    super([`Redis at ${target} refused ${refused}: ${said}`, ...where, adviceOnRefusal(cause)].join(' ').trim(), {
      cause,
    });
    this.key = key;
  }
}

/** An AggregateError (a host with several addresses) has a code and no text; OpenSSL's text is no sentence, but its reason. */
function reasonOf(cause: Error): string {
  const { code, reason } = cause as { readonly code?: string; readonly reason?: string };
  return (reason || cause.message || code || 'no answer').replace(/\.+$/, '');
}

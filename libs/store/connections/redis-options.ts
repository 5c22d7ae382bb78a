import type { RedisOptions } from 'ioredis';
import { isErrorReply } from '../error-reply.js';
import type { ConnectionRole } from './connection-spec.js';

const MAX_RECONNECT_DELAY_MS = 2_000;
/** A server that swallows packets (half-open TCP) is given up after this long without a reply to a command. */
const SOCKET_TIMEOUT_MS = 10_000;
const DEMOTED_PAUSE_MS = 5_000;
/** What a master answers that is a replica now, or whose replicas have gone to the new one. */
const DEMOTED = ['READONLY', 'NOREPLICAS'];
/** A connection that is closed on purpose waits so long for the server to do the same: one that hangs never does. */
const DISCONNECT_TIMEOUT_MS = 200;

/** Exponential from 50 ms to 2 s, half of it by chance, so that a fleet does not reconnect in step. */
export function reconnectDelayMs(times: number, random: () => number = Math.random): number {
  const ceiling = Math.min(MAX_RECONNECT_DELAY_MS, 50 * 2 ** Math.min(times - 1, 10));
  return Math.round(ceiling / 2 + (ceiling / 2) * random());
}

/** What every role needs, whatever the user gave: replies as these scripts read them, and no end to reconnecting. */
function fixedOptions(given: RedisOptions, demotion: DemotionOptions): RedisOptions {
  const isDemoted = leavingOnDemotion(demotion);
  return {
    lazyConnect: false,
    stringNumbers: false,
    replyMapping: 'legacy',
    enableAutoPipelining: false,
    autoResendUnfulfilledCommands: false,
    // With null, ioredis forgets what was sent when a connection breaks, and its promise never ends.
    maxRetriesPerRequest: 0,
    retryStrategy: (times) => given.retryStrategy?.(times) ?? reconnectDelayMs(times),
    reconnectOnError: (error) => given.reconnectOnError?.(error) || isDemoted(error),
  };
}

export interface DemotionOptions {
  /** Monotonic. */
  readonly nowMs?: () => number;
  /** The connection is about to be made anew, though nothing is wrong with it. */
  readonly onLeave?: () => void;
}

/**
 * A master that became a replica, or lost its replicas, is left for the new one. Where there is none yet, a connection that
 * writes again and again must not come and go with each try.
 */
function leavingOnDemotion({ nowMs = () => performance.now(), onLeave }: DemotionOptions): (error: Error) => boolean {
  let leftAtMs = -Infinity;
  return (error) => {
    if (!DEMOTED.some((code) => isErrorReply(error, code)) || nowMs() - leftAtMs < DEMOTED_PAUSE_MS) return false;
    leftAtMs = nowMs();
    onLeave?.();
    return true;
  };
}

/** Numbered calls must never be kept and sent later by the client: whoever numbers them decides when they are sent. */
const unqueued: RedisOptions = { enableOfflineQueue: false };

/** Connects when it is first used: an application that fails to start closes nothing, and must not be kept alive by it. */
const whenUsed: RedisOptions = { lazyConnect: true };

const byRole: Record<ConnectionRole, RedisOptions> = {
  commands: whenUsed,
  enqueue: { ...unqueued, ...whenUsed },
  fetch: unqueued,
  // Others take a pool for dead after 10 s without a beat: a silent connection is replaced well before.
  beat: { ...unqueued, socketTimeout: 4_000 },
  arm: unqueued,
  listen: { protocol: 2, autoResubscribe: false },
};

/** ioredis options of one role's connection. */
export function optionsOfRole(role: ConnectionRole, given: RedisOptions, demotion: DemotionOptions = {}): RedisOptions {
  const defaults: RedisOptions = {
    connectionName: `nestjs-work:${role}`,
    connectTimeout: 5_000,
    socketTimeout: SOCKET_TIMEOUT_MS,
    disconnectTimeout: DISCONNECT_TIMEOUT_MS,
  };
  return { ...defaults, ...given, ...fixedOptions(given, demotion), ...byRole[role] };
}

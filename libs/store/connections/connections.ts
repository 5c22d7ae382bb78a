import { Cluster, Redis, type RedisOptions } from 'ioredis';
import type { WorkRedis } from '../work-redis.js';
import { checkMade, checkSpec } from './connection-checks.js';
import { ConnectionHealth, type ConnectionListener } from './connection-health.js';
import { isClusterConnection, type ConnectionRole, type ConnectionSpec } from './connection-spec.js';
import { firstAnswer } from './first-answer.js';
import { isPlainData } from './plain-options.js';
import { optionsOfRole } from './redis-options.js';
import { redisTarget } from './redis-target.js';
import { optionsFromUrl } from './redis-url.js';

const DEFAULT_URL = 'redis://127.0.0.1:6379';

/** Opens, watches and closes connections of one application to one Redis. */
export class Connections {
  /** host:port for messages; never a password. */
  readonly target: string;
  readonly #spec: Exclude<ConnectionSpec, string>;
  readonly #health: ConnectionHealth;
  readonly #endListening: () => void;
  readonly #open = new Set<WorkRedis>();

  /**
   * @param spec where Redis is, or other connections to it: the loss and the return of both are then told as one, to the
   * listeners of both, while each closes its own
   * @throws InvalidConnectionError for a URL that is none, for what is no options, or options with `keyPrefix`
   */
  constructor(spec: ConnectionSpec | Connections = DEFAULT_URL, listener: ConnectionListener = {}) {
    this.#spec = spec instanceof Connections ? spec.#spec : checkedSpec(spec);
    this.target = redisTarget(this.#spec);
    this.#health = spec instanceof Connections ? spec.#health : new ConnectionHealth();
    this.#endListening = this.#health.listen(listener);
  }

  /** @throws InvalidConnectionError as the constructor does */
  static check(spec: ConnectionSpec | Connections = DEFAULT_URL): void {
    if (!(spec instanceof Connections)) checkedSpec(spec);
  }

  /** @throws InvalidConnectionError where the function that makes connections returns something else */
  open(role: ConnectionRole): WorkRedis {
    const redis = this.#connect(role);
    this.#health.watch(redis);
    refuseOtherDatabase(redis);
    this.#open.add(redis);
    return redis;
  }

  /** Closes one connection that `open` made. */
  discard(redis: WorkRedis): void {
    this.#open.delete(redis);
    this.#health.forget(redis);
    endConnection(redis);
  }

  /** Options that a worker thread can use, or undefined where they hold functions or name a Cluster. */
  plainOptions(role: ConnectionRole): RedisOptions | undefined {
    if (typeof this.#spec === 'function' || isClusterConnection(this.#spec)) return undefined;
    if (!isPlainData(this.#spec)) return undefined;
    return { connectionName: `nestjs-work:${role}`, ...this.#spec };
  }

  /**
   * Resolves when Redis answers on `redis`.
   *
   * @param timeoutMs Infinity: for as long as it takes
   * @throws RedisUnreachableError after `timeoutMs`, with the last error of the connection as its cause; RedisRefusedError
   * as soon as Redis refuses it for good; the reason of `abandoned`
   */
  async answered(redis: WorkRedis, timeoutMs: number, abandoned?: AbortSignal): Promise<void> {
    await firstAnswer(redis, { target: this.target, usesTls: usesTls(this.#spec), timeoutMs, abandoned });
  }

  /** Closes all of them at once. Whatever was sent and not answered stays unknown to its caller. */
  close(): void {
    this.#endListening();
    for (const redis of this.#open) this.discard(redis);
  }

  #connect(role: ConnectionRole): WorkRedis {
    if (typeof this.#spec === 'function') return checkMade(this.#spec(role), role);
    if (!isClusterConnection(this.#spec)) {
      const redis: Redis = new Redis(optionsOfRole(role, this.#spec, { onLeave: () => this.#health.willLeave(redis) }));
      return redis;
    }
    const { nodes, options = {} } = this.#spec;
    const redisOptions = optionsOfRole(role, options.redisOptions ?? {});
    const { enableOfflineQueue = true, lazyConnect = false } = redisOptions;
    return new Cluster([...nodes], { ...options, enableOfflineQueue, lazyConnect, redisOptions });
  }
}

function checkedSpec(given: ConnectionSpec): Exclude<ConnectionSpec, string> {
  const spec = typeof given === 'string' ? optionsFromUrl(given) : given;
  checkSpec(spec);
  return spec;
}

/**
 * ioredis' `disconnect` of a connection that waits for its next try neither ends it nor rejects what is queued: one that is
 * trying can be ended.
 */
function endConnection(redis: WorkRedis): void {
  if (redis.status === 'reconnecting') redis.connect().catch(() => undefined);
  redis.disconnect();
}

/**
 * Where Redis refuses to select the database, ioredis goes on in database 0, which may be another application's: such a
 * connection is never to become ready. It tries again, as for a server that is not there.
 */
function refuseOtherDatabase(redis: WorkRedis): void {
  redis.on('error', (error: Error & { readonly command?: { readonly name: string } }) => {
    if (error.command?.name === 'select') redis.disconnect(true);
  });
}

/** Undefined where it cannot be told. */
function usesTls(spec: Exclude<ConnectionSpec, string>): boolean | undefined {
  if (typeof spec === 'function' || ('path' in spec && spec.path)) return undefined;
  const { tls } = isClusterConnection(spec) ? (spec.options?.redisOptions ?? {}) : spec;
  return Boolean(tls);
}

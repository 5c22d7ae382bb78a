import { Keyspace } from '#protocol';
import { Connections, type ConnectionRole, type ConnectionSpec, type WorkRedis } from '#store';
import { InvalidEngineOptionError } from './engine-options.js';
import type { Report } from './events.js';

/** Where to work: a connection of its own is opened, as a WorkerPool does, and closed by `close`. */
export interface OwnConnection {
  /** What all keys begin with, 1 to 128 characters without control characters. */
  readonly namespace: string;
  /** @default 'redis://127.0.0.1:6379' */
  readonly connection?: ConnectionSpec | undefined;
}

/** Where to work: on a connection that `Connections` opened, and that whoever opened it closes. */
export interface GivenConnection {
  readonly redis: WorkRedis;
  readonly keyspace: Keyspace;
}

export const CONNECTION_OPTIONS = ['namespace', 'connection', 'redis', 'keyspace'] as const;

export interface ConnectionInUse extends GivenConnection {
  /** Does nothing to one that was given. */
  readonly close: () => void;
}

/**
 * @param report told where a connection of its own is lost and back
 * @throws InvalidNamespaceError, InvalidConnectionError, InvalidEngineOptionError
 */
export function connectionInUse(
  owner: string,
  role: ConnectionRole,
  options: OwnConnection | GivenConnection,
  report: Report = () => undefined,
): ConnectionInUse {
  const { namespace, connection, redis, keyspace } = options as Partial<OwnConnection & GivenConnection>;
  if (redis !== undefined && keyspace !== undefined && namespace === undefined && connection === undefined)
    return { redis, keyspace, close: () => undefined };
  if (redis !== undefined || keyspace !== undefined)
    throw new InvalidEngineOptionError(owner, 'give either namespace and connection, or redis and keyspace.');
  const ownKeyspace = new Keyspace(namespace as string);
  const connections: Connections = new Connections(connection, {
    onLost: (error) => report({ type: 'redis_lost', target: connections.target, error }),
    onBack: (downMs) => report({ type: 'redis_back', target: connections.target, downMs }),
  });
  return { redis: connections.open(role), keyspace: ownKeyspace, close: () => connections.close() };
}

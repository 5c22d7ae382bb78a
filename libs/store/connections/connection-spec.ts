import type { ClusterNode, ClusterOptions, RedisOptions } from 'ioredis';
import type { WorkRedis } from '../work-redis.js';

/**
 * What a connection is for. `fetch` carries settle-and-fetch alone, `arm` the calls whose keys Redis shall watch, `listen`
 * receives what Redis says of them, `beat` the heartbeat, `enqueue` the producer's numbered calls, `commands` the rest.
 */
export type ConnectionRole = 'commands' | 'enqueue' | 'fetch' | 'arm' | 'listen' | 'beat';

/** A Redis Cluster. The namespace needs braces, for example `{shop}`, so that its keys share a slot. */
export interface ClusterConnection {
  readonly nodes: readonly ClusterNode[];
  readonly options?: ClusterOptions;
}

/**
 * Where Redis is: a URL, ioredis options (Sentinel included), the nodes of a Cluster, or a function that makes the
 * connection of each role. Connections that a function makes are closed by us like the others.
 */
export type ConnectionSpec = string | RedisOptions | ClusterConnection | ((role: ConnectionRole) => WorkRedis);

export function isClusterConnection(spec: object): spec is ClusterConnection {
  return 'nodes' in spec && Array.isArray(spec.nodes);
}

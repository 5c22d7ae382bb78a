import type { Cluster, RedisOptions } from 'ioredis';
import type { WorkRedis } from '../work-redis.js';
import { isClusterConnection, type ConnectionSpec } from './connection-spec.js';

/** Names the server for people: never a user, never a password. */
export function redisTarget(spec: Exclude<ConnectionSpec, string>): string {
  if (typeof spec === 'function') return 'the Redis of the given connection function';
  if (isClusterConnection(spec)) return clusterName(spec.nodes);
  return serverName(spec);
}

/** The same of a connection that somebody opened. */
export function targetOf(redis: WorkRedis): string {
  if ('nodes' in redis) return clusterName(nodesOf(redis));
  return serverName(redis.options);
}

/** While none is connected, those it was given: ioredis keeps them, though not for others. */
function nodesOf(cluster: Cluster): readonly Node[] {
  const nodes = cluster.nodes().map(({ options }) => options);
  const { startupNodes = [] } = cluster as unknown as { readonly startupNodes?: readonly Node[] };
  return nodes.length > 0 ? nodes : startupNodes;
}

type Node = string | number | { host?: string | undefined; port?: number | undefined };

function clusterName(nodes: readonly Node[]): string {
  return nodes.length === 0 ? 'a Cluster' : `Cluster ${nodes.map(nodeName).join(', ')}`;
}

function serverName(options: RedisOptions): string {
  if (options.sentinels) return `Sentinel ${options.name ?? ''} of ${options.sentinels.map(nodeName).join(', ')}`;
  if (options.path) return options.path;
  return nodeName(options);
}

function nodeName(node: Node): string {
  if (typeof node === 'number') return `127.0.0.1:${node}`;
  if (typeof node === 'string') return node.replace(/^.*@/, '');
  return `${node.host ?? '127.0.0.1'}:${node.port ?? 6379}`;
}

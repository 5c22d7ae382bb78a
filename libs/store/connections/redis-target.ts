import type { RedisOptions } from 'ioredis';
import { isClusterConnection, type ConnectionSpec } from './connection-spec.js';

/** Names the server for people: never a user, never a password. */
export function redisTarget(spec: Exclude<ConnectionSpec, string>): string {
  if (typeof spec === 'function') return 'the Redis of the given connection function';
  if (isClusterConnection(spec)) return `Cluster ${spec.nodes.map(nodeName).join(', ')}`;
  return serverName(spec);
}

function serverName(options: RedisOptions): string {
  if (options.sentinels) return `Sentinel ${options.name ?? ''} of ${options.sentinels.map(nodeName).join(', ')}`;
  if (options.path) return options.path;
  return nodeName(options);
}

function nodeName(node: string | number | { host?: string | undefined; port?: number | undefined }): string {
  if (typeof node === 'number') return `127.0.0.1:${node}`;
  if (typeof node === 'string') return node.replace(/^.*@/, '');
  return `${node.host ?? '127.0.0.1'}:${node.port ?? 6379}`;
}

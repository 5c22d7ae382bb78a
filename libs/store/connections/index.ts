export { InvalidConnectionError, RedisUnreachableError } from './connection-errors.js';
export type { ConnectionListener } from './connection-health.js';
export type { ClusterConnection, ConnectionRole, ConnectionSpec } from './connection-spec.js';
export { Connections } from './connections.js';
export { reconnectDelayMs } from './redis-options.js';

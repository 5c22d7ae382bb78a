export { adviceOnRefusal } from './advice.js';
export {
  InvalidConnectionError,
  RedisLostError,
  RedisRefusedError,
  RedisUnreachableError,
  type MistypedKey,
} from './connection-errors.js';
export type { ConnectionListener } from './connection-health.js';
export type { ClusterConnection, ConnectionRole, ConnectionSpec } from './connection-spec.js';
export { Connections } from './connections.js';
export { reconnectDelayMs } from './redis-options.js';
export { targetOf } from './redis-target.js';
export { rootOfError } from './root-of-error.js';

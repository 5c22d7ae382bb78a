export {
  Connections,
  InvalidConnectionError,
  RedisUnreachableError,
  reconnectDelayMs,
  type ClusterConnection,
  type ConnectionListener,
  type ConnectionRole,
  type ConnectionSpec,
} from './connections/index.js';
export { isErrorReply } from './error-reply.js';
export { Script, type ScriptArgument } from './script.js';
export type { WorkRedis } from './work-redis.js';

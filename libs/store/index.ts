export { isErrorReply } from './error-reply.js';
export { Script, type ScriptArgument } from './script.js';
export type { WorkRedis } from './work-redis.js';

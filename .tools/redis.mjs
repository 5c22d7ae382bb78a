// The Redis of tests, demo and soak: which server there is, and one that surely ends.
export { findRedisServer } from './redis/find.mjs';
export { startRedisServer } from './redis/start.mjs';
export { installAdvice } from './redis/system.mjs';

export { describeRedis } from './describe-redis.js';
export { disconnect } from './disconnect.js';
export { ownRedis, ownSentinel, type OwnRedis } from './own-redis.js';
export { testRedis, type TestRedis } from './test-redis.js';
export { waitFor } from './wait-for.js';

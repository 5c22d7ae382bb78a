export { testRedis, type TestRedis } from './test-redis.js';
export { waitFor } from './wait-for.js';

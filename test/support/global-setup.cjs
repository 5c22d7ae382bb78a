// One private Redis for the whole run; its address goes to the test files by environment. Where no server can be had,
// NESTJS_WORK_TEST_REDIS stays unset and describeRedis skips. Never REDIS_URL: that might be somebody's.
module.exports = async () => {
  const { generateScripts } = await import('../../.tools/generate-scripts.mjs');
  const { findRedisServer, installAdvice, startRedisServer } = await import('../../.tools/redis.mjs');
  generateScripts();
  process.env.NESTJS_WORK_TEST_RUN = `${process.pid} ${Date.now()}`; // what is told once in a run is told once
  delete process.env.NESTJS_WORK_TEST_REDIS;
  delete process.env.NESTJS_WORK_TEST_REDIS_SERVER;
  const server = await findRedisServer();
  if (server.missing) {
    console.error(`\nNO REDIS: every test that needs one is SKIPPED. ${server.missing} ${installAdvice()}\n`);
    return;
  }
  globalThis.__redisServer = await startRedisServer(server);
  process.env.NESTJS_WORK_TEST_REDIS = globalThis.__redisServer.url;
  process.env.NESTJS_WORK_TEST_REDIS_SERVER = JSON.stringify(server);
  console.log(`\nRedis of this run: ${server.label}, private, on port ${globalThis.__redisServer.port}`);
};

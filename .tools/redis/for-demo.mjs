import { findRedisServer } from './find.mjs';
import { givenRedis } from './given.mjs';
import { startRedisServer } from './start.mjs';
import { installAdvice } from './system.mjs';

/**
 * `{ url, label, end(namespace) }`: the Redis that REDIS_URL names, else a private server, else one that runs in this
 * process. `end` leaves nothing of the demo behind.
 */
export async function redisForDemo() {
  if (process.env.REDIS_URL) return givenRedis(process.env.REDIS_URL);
  const server = await findRedisServer();
  if (server.missing) return embeddedRedis(server.missing);
  const { url, port, stop } = await startRedisServer(server);
  return { url, label: `${server.label}, private, on port ${port}`, end: stop };
}

async function embeddedRedis(missing) {
  try {
    const { createRedisMock } = await import('js-redis-server');
    const server = await createRedisMock();
    const { host, port } = server.addresses()[0];
    return {
      url: `redis://${host}:${port}`,
      label: `js-redis-server, in this process, on port ${port} (slow; ${missing})`,
      end: () => server.close(),
    };
  } catch (error) {
    const advice = `${installAdvice()}. Or set REDIS_URL=redis://host:6379 to use one that runs.`;
    throw new Error(
      `There is no Redis for the demo. ${missing} js-redis-server does not start: ${error.message}\n${advice}`,
      { cause: error },
    );
  }
}

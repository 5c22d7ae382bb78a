/** A Redis of somebody's: the demo keeps to its namespace there, and deletes it at the end. */
export async function givenRedis(url) {
  const { host } = parsed(url);
  const version = await withRedis(url, versionOf);
  const [major, minor] = version.split('.').map(Number);
  if (major < 6 || (major === 6 && minor < 2))
    throw new Error(`REDIS_URL, ${host}, is Redis ${version}: 6.2 is the oldest that will do.`);
  return {
    url,
    label: `${version} at ${host} (REDIS_URL), in a namespace that is deleted at the end`,
    end: (namespace) => withRedis(url, (redis) => deleteNamespace(redis, namespace)),
  };
}

function parsed(url) {
  try {
    return new URL(url);
  } catch {
    throw new Error(
      'REDIS_URL is no URL. It looks like redis://host:6379, with a password redis://:password@host:6379.',
    );
  }
}

async function withRedis(url, use) {
  const { Redis } = await import('ioredis');
  const redis = new Redis(url, { lazyConnect: true, connectTimeout: 5_000, retryStrategy: () => null });
  let reason;
  redis.on('error', (error) => (reason = error));
  try {
    await redis.connect();
    return await use(redis);
  } catch (error) {
    throw new Error(`REDIS_URL, ${parsed(url).host}, cannot be used: ${(reason ?? error).message}`, { cause: error });
  } finally {
    redis.disconnect();
  }
}

async function versionOf(redis) {
  return /redis_version:([\d.]+)/.exec(await redis.info('server'))?.[1] ?? 'unknown';
}

async function deleteNamespace(redis, namespace) {
  for await (const keys of redis.scanStream({ match: `${namespace}:*`, count: 1_000 })) {
    if (keys.length > 0) await redis.unlink(...keys);
  }
}

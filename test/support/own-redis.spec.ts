import { Redis } from 'ioredis';
import { describeRedis } from './describe-redis.js';
import { disconnect } from './disconnect.js';
import { ownRedis } from './own-redis.js';

const once = (url: string) => new Redis(url, { lazyConnect: true, retryStrategy: () => null });

describeRedis('a Redis of a single test', () => {
  it('takes settings, dies, and comes back empty on the same port', async () => {
    const server = await ownRedis(['--maxmemory', '3mb']);
    const before = once(server.url);
    await before.set('held', '1');
    expect(await before.config('GET', 'maxmemory')).toEqual(['maxmemory', String(3 * 1024 * 1024)]);
    const ended = new Promise((resolve) => before.once('end', resolve));
    await server.kill();
    await ended;
    await server.start();
    const after = once(server.url);
    expect(await after.get('held')).toBeNull();
    await disconnect(after);
    await server.kill();
  });
});

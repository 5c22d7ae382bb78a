import { EventEmitter } from 'node:events';
import { readyOrLater } from './ready-or-later.js';
import type { WorkRedis } from './work-redis.js';

describe('readyOrLater', () => {
  const connection = () => Object.assign(new EventEmitter(), { status: 'reconnecting' });

  it('ends all waits of a connection when it is ready, with one listener for them all', async () => {
    const redis = connection();
    const waits = Array.from({ length: 50 }, () => readyOrLater(redis as unknown as WorkRedis, 600_000));
    expect(redis.listenerCount('ready')).toBe(1);
    redis.emit('ready');
    await Promise.all(waits);
    const again = readyOrLater(redis as unknown as WorkRedis, 600_000);
    expect(redis.listenerCount('ready')).toBe(1);
    redis.emit('ready');
    await again;
  });

  it('ends by itself where the connection does not come back', async () => {
    await readyOrLater(connection() as unknown as WorkRedis, 1);
  });
});

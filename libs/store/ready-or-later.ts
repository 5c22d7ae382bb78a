import { clearTimeout, setTimeout } from 'node:timers';
import type { WorkRedis } from './work-redis.js';

/** Resolves after `delayMs`; sooner if the connection becomes ready meanwhile. */
export function readyOrLater(redis: WorkRedis, delayMs: number): Promise<void> {
  if (redis.status === 'wait') redis.connect().catch(() => {}); // a lazy connection connects when it is needed
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      redis.off('ready', end);
      resolve();
    };
    const timer = setTimeout(end, delayMs);
    redis.once('ready', end);
  });
}

import { clearTimeout, setTimeout } from 'node:timers';
import type { WorkRedis } from './work-redis.js';

const waiters = new WeakMap<WorkRedis, Set<() => void>>();

/** Resolves after `delayMs`; sooner if the connection becomes ready meanwhile. */
export function readyOrLater(redis: WorkRedis, delayMs: number): Promise<void> {
  if (redis.status === 'wait') redis.connect().catch(() => {}); // a lazy connection connects when it is needed
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      waiting.delete(end);
      resolve();
    };
    const timer = setTimeout(end, delayMs);
    const waiting = waitersOf(redis);
    waiting.add(end);
  });
}

/** All wait with one listener: Node warns of a leak where many do with one each. */
function waitersOf(redis: WorkRedis): Set<() => void> {
  const known = waiters.get(redis);
  if (known) return known;
  const waiting = new Set<() => void>();
  waiters.set(redis, waiting);
  redis.on('ready', () => {
    for (const end of waiting) end();
  });
  return waiting;
}

import type { WorkRedis } from '#store';

/** What is told of a connection, as it happens. */
export interface ConnectionWatcher {
  readonly onError?: (error: Error) => void;
  /** May be told twice. */
  readonly onClose?: () => void;
  readonly onReady?: () => void;
}

const known = new WeakMap<WorkRedis, Set<ConnectionWatcher>>();

/**
 * Returns what ends the telling. All watch a connection with one listener an event, which stays: Node warns of a leak where
 * many have one each.
 */
export function watchConnection(redis: WorkRedis, watcher: ConnectionWatcher): () => void {
  const watchers = known.get(redis) ?? listenTo(redis);
  watchers.add(watcher);
  return () => void watchers.delete(watcher);
}

function listenTo(redis: WorkRedis): Set<ConnectionWatcher> {
  const watchers = new Set<ConnectionWatcher>();
  known.set(redis, watchers);
  redis.on('error', (error: Error) => {
    for (const { onError } of watchers) onError?.(error);
  });
  // One that is closed between two tries to find a master by Sentinel ends without a close.
  for (const event of ['close', 'end'] as const)
    redis.on(event, () => {
      for (const { onClose } of watchers) onClose?.();
    });
  redis.on('ready', () => {
    for (const { onReady } of watchers) onReady?.();
  });
  return watchers;
}

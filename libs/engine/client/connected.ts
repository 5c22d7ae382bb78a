import { clearTimeout, setTimeout } from 'node:timers';
import { ConnectionLostError, isErrorReply, rootOfError, type WorkRedis } from '#store';
import { watchConnection } from '../watch-connection.js';
import { SilenceError } from './silence-error.js';

/**
 * Resolves when the connection is ready. What is asked before would be kept by it, and behind Sentinel or of a Cluster be
 * done whenever that is back, long after its caller was told that it is lost.
 *
 * @throws ConnectionLostError where the try to connect fails that is under way, or the next one, or takes `limitMs`; Redis'
 * error reply where that was the reason
 */
export function connected(redis: WorkRedis, limitMs: number): Promise<void> {
  if (redis.status === 'ready') return Promise.resolve();
  if (redis.status === 'wait') redis.connect().catch(() => {}); // a lazy connection connects when it is needed
  return new Promise((resolve, reject) => {
    const end = (settle: () => void) => {
      clearTimeout(timer);
      endWatch();
      settle();
    };
    const fail = (error: Error) => end(() => reject(error));
    const endWatch = watchConnection(redis, {
      onReady: () => end(resolve),
      onError: (error) => fail(asLoss(rootOfError(error))),
      onClose: () => fail(new ConnectionLostError('it took the connection and closed it')),
    });
    const timer = setTimeout(() => fail(new SilenceError(`it was not ready within ${limitMs} ms`)), limitMs);
  });
}

function asLoss(error: Error): Error {
  const { message } = error;
  return isErrorReply(error) ? error : new ConnectionLostError(message);
}

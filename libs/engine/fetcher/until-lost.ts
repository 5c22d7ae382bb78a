import { clearTimeout, setTimeout } from 'node:timers';
import { ConnectionLostError, type WorkRedis } from '#store';

/** A script takes milliseconds; a server that is silent for so long is cut off, or will not be missed. */
const SILENCE_MS = 15_000;

/**
 * Answers what `call` does, unless the connection is lost before. Those of ours fail their calls themselves then
 * (`maxRetriesPerRequest: 0`); one that an application's own function made with `null` there, told not to send a call
 * again, forgets it without an answer. One that is silent is closed, and so opened anew.
 */
export async function untilLost<T>(redis: WorkRedis, call: Promise<T>, silenceMs = SILENCE_MS): Promise<T> {
  let end = () => {};
  const lost = new Promise<never>((_, reject) => {
    const onClose = () => reject(new ConnectionLostError('The connection to Redis broke before it answered.'));
    const timer = setTimeout(() => {
      reject(new ConnectionLostError(`Redis did not answer within ${silenceMs} ms.`));
      redis.disconnect(true);
    }, silenceMs);
    redis.on('close', onClose);
    end = () => {
      clearTimeout(timer);
      redis.off('close', onClose);
    };
  });
  call.catch(() => {}); // it may fail when nobody waits for it any more
  try {
    return await Promise.race([call, lost]);
  } finally {
    end();
  }
}

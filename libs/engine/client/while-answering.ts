import { setImmediate, setTimeout } from 'node:timers/promises';
import { ConnectionLostError, type WorkRedis } from '#store';
import { watchConnection } from '../watch-connection.js';
import { SilenceError } from './silence-error.js';

export interface Answering {
  readonly redis: WorkRedis;
  /** Asks Redis for next to nothing, on the connection that the calls go over. */
  readonly ask: () => Promise<unknown>;
  readonly silenceMs: number;
}

/**
 * Answers what `call` does, which may take any time in which Redis answers. Where it is silent its connection is closed, and
 * so opened anew: nothing more of what the call was about to do is done then.
 *
 * @throws ConnectionLostError where the connection breaks, or Redis answers nothing for `silenceMs` (a SilenceError)
 */
export async function whileAnswering<T>(answering: Answering, call: () => Promise<T>): Promise<T> {
  const over = new AbortController();
  try {
    return await Promise.race([call(), broken(answering.redis, over.signal), silent(answering, over.signal)]);
  } finally {
    over.abort();
  }
}

/** Some connections of an application's own forget, as they break, what was asked. */
function broken(redis: WorkRedis, over: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const onClose = () => reject(new ConnectionLostError('the connection broke before it answered'));
    over.addEventListener('abort', watchConnection(redis, { onClose }));
  });
}

/** What was asked before is answered before: where this is not, nothing is. */
async function silent({ redis, ask, silenceMs }: Answering, over: AbortSignal): Promise<never> {
  for (;;) {
    await pause(silenceMs / 2, over);
    const answer = ask().then(
      () => true,
      () => true,
    );
    const isAnswered = await Promise.race([answer, pause(silenceMs / 2, over)]);
    if (isAnswered) continue;
    redis.disconnect(true);
    throw new SilenceError(`it answered nothing for ${silenceMs} ms`);
  }
}

/** The sockets are read once more when the time is up, so that a blocked event loop does not count as a silent Redis. */
async function pause(delayMs: number, over: AbortSignal): Promise<void> {
  await setTimeout(delayMs, undefined, { signal: over });
  await setImmediate();
}

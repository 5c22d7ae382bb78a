import { isErrorReply } from '../error-reply.js';
import { isPassingError } from '../passing-error.js';
import { readyOrLater } from '../ready-or-later.js';
import type { WorkRedis } from '../work-redis.js';
import { HungUpError } from './advice.js';
import { RedisRefusedError, RedisUnreachableError } from './connection-errors.js';
import { rootOfError } from './root-of-error.js';

export interface AnswerOptions {
  /** host:port for messages. */
  readonly target: string;
  /** Undefined: not known. */
  readonly usesTls: boolean | undefined;
  /** Infinity: for as long as it takes. */
  readonly timeoutMs: number;
  readonly abandoned: AbortSignal | undefined;
}

const RETRY_DELAY_MS = 50;

/**
 * Resolves when Redis answers on `redis`. What Redis refuses for good (a login, a database) is not waited for.
 *
 * Its limit is a global timer, which fake timers replace, and not one of `node:timers` as everywhere else: so a test of an
 * application can see a start fail without waiting for it. Between its tries the wait is Node's own.
 *
 * @throws RedisUnreachableError, RedisRefusedError, or the reason of `abandoned`
 */
export async function firstAnswer(redis: WorkRedis, options: AnswerOptions): Promise<void> {
  options.abandoned?.throwIfAborted();
  const over = new AbortController();
  try {
    await Promise.race([answered(redis, options.target, over.signal), failure(redis, options, over.signal)]);
  } finally {
    over.abort();
  }
}

async function answered(redis: WorkRedis, target: string, over: AbortSignal): Promise<void> {
  while (!over.aborted) {
    try {
      if (redis.status === 'ready') return void (await redis.ping());
    } catch (error) {
      if (isErrorReply(error)) throw new RedisRefusedError(target, 'the connection', error);
    }
    await readyOrLater(redis, RETRY_DELAY_MS);
  }
}

function failure(redis: WorkRedis, options: AnswerOptions, over: AbortSignal): Promise<never> {
  const { target, timeoutMs, usesTls, abandoned } = options;
  let trouble: Error | undefined;
  return new Promise((_, reject) => {
    const onError = (error: Error) => {
      trouble = rootOfError(error);
      if (isErrorReply(trouble) && !isPassingError(trouble))
        reject(new RedisRefusedError(target, 'the connection', trouble));
    };
    const onClose = () => (trouble ??= new HungUpError());
    const onAbandoned = () => reject(abandoned?.reason as Error);
    const late = () => reject(new RedisUnreachableError(target, timeoutMs, trouble, usesTls));
    const timer = timeoutMs === Infinity ? undefined : setTimeout(late, timeoutMs);
    redis.on('error', onError);
    redis.on('close', onClose);
    abandoned?.addEventListener('abort', onAbandoned);
    over.addEventListener('abort', () => {
      clearTimeout(timer);
      redis.off('error', onError);
      redis.off('close', onClose);
      abandoned?.removeEventListener('abort', onAbandoned);
    });
  });
}

import { WorkError } from '#protocol';
import { adviceOnRefusal, isErrorReply, replyText } from '#store';
import { clause, named, redisAt, sentences } from './error-words.js';

/** What is known of the Redis that did not do as it was asked. */
export interface RedisTrouble {
  /** host:port */
  readonly target?: string | undefined;
  /** The last thing that went wrong, if anything did. */
  readonly error?: Error | undefined;
}

/** Redis did not confirm the job in time. The cause is the last thing that went wrong, where something did. */
export class EnqueueTimeoutError extends WorkError {
  readonly code = 'WORK_ENQUEUE_TIMEOUT';

  constructor(
    readonly jobName: string,
    readonly timeoutMs: number,
    /** `'no'`: it was not sent, or Redis refused it each time, and it never will be. `'unknown'`: it was sent, and no reply has come. */
    readonly written: 'no' | 'unknown',
    { target, error }: RedisTrouble = {},
  ) {
    const text = written === 'no' ? notWritten : perhapsWritten;
    super(text(named(jobName), timeoutMs, redisAt(target), error), { cause: error });
  }
}

function notWritten(job: string, timeoutMs: number, redis: string, error: Error | undefined): string {
  return sentences(
    `${job} was not enqueued within ${timeoutMs} ms, because ${redis} ${whatItDid(error)}.`,
    isErrorReply(error) ? adviceOnRefusal(error) : '',
    'Nothing was written, so it is safe to enqueue it again.',
  );
}

function perhapsWritten(job: string, timeoutMs: number, redis: string, error: Error | undefined): string {
  const reason = error ? ` (${reasonOf(error)})` : '';
  return sentences(
    `${job} was sent to ${redis}, but no reply came within ${timeoutMs} ms${reason}: it may be enqueued or not.`,
    'Enqueue it again only where running it twice does no harm.',
  );
}

function whatItDid(error: Error | undefined): string {
  if (!error) return 'did not answer, or had too much to do';
  return `${isErrorReply(error) ? 'refused it' : 'could not be reached'}: ${reasonOf(error)}`;
}

/** An AggregateError (a host with several addresses) has a code and no text. */
function reasonOf(error: Error): string {
  const { code } = error as { readonly code?: string };
  return clause(replyText(error) || code || error.name);
}

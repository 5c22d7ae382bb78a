import { clearTimeout, setImmediate, setTimeout } from 'node:timers';
import { newId, type Keyspace } from '#protocol';
import { enqueue, isErrorReply, isPassingError, readyOrLater } from '#store';
import type { EnqueueReply, JobWrite, UnknownJobsReply, WorkRedis } from '#store';

/** How long a call of Redis takes before it counts as not answering. */
const STALL_MS = 250;
const RETRY_DELAY_MS = 50;

type Answer = EnqueueReply | UnknownJobsReply;

export interface NumberedSenderOptions {
  readonly redis: WorkRedis;
  readonly keyspace: Keyspace;
  readonly isKnown: ((jobName: string) => boolean) | undefined;
  /** Told when a call was not answered for a while. */
  readonly onStall: () => void;
}

/**
 * Sends calls under rising numbers, one after the other. A call whose reply was lost is sent again under its number, so
 * that it is written once; if it is given up before a reply comes, the number of the next one locks it out for good.
 */
export class NumberedSender {
  readonly #producerId = newId();
  #number = 0;

  constructor(private readonly options: NumberedSenderOptions) {}

  /**
   * Resolves with undefined when nobody waits for the call any more.
   *
   * @throws Redis' error reply: nothing was written
   */
  async deliver(writes: readonly JobWrite[], isAwaited: () => boolean): Promise<Answer | undefined> {
    const { redis } = this.options;
    let number = this.#next();
    let mayBeWritten = false;
    while (isAwaited()) {
      try {
        if (redis.status === 'ready') return await this.#send(number, writes);
      } catch (error) {
        const isRefused = isErrorReply(error) && !mayBeWritten; // a refused repetition says nothing of the call before it
        if (isRefused && !isPassingError(error)) throw error;
        if (isRefused) number = this.#next();
        else mayBeWritten = true;
      }
      await readyOrLater(redis, RETRY_DELAY_MS);
    }
    return undefined;
  }

  #next(): number {
    return (this.#number += 1);
  }

  /** The timer is looked at after the sockets were read, so that a blocked event loop does not count as a silent Redis. */
  async #send(number: number, writes: readonly JobWrite[]): Promise<Answer> {
    const { redis, keyspace, isKnown, onStall } = this.options;
    let isAnswered = false;
    const timer = setTimeout(() => setImmediate(() => isAnswered || onStall()), STALL_MS);
    try {
      return await enqueue(redis, keyspace, { producerId: this.#producerId, number, writes, isKnown });
    } finally {
      isAnswered = true;
      clearTimeout(timer);
    }
  }
}

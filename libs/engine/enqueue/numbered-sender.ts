import { clearTimeout, setImmediate, setTimeout } from 'node:timers';
import { newId, type Keyspace } from '#protocol';
import { enqueue, isErrorReply, isPassingError, readyOrLater } from '#store';
import type { EnqueueReply, JobWrite, UnknownJobsReply, WorkRedis } from '#store';
import type { LastTrouble } from '../last-trouble.js';

/** How long a call of Redis takes before it counts as not answering. */
const STALL_MS = 250;
const RETRY_DELAY_MS = 50;

/** `not written`: nothing was, and it may be tried again, perhaps with other writes. */
export type DeliveryEnd = EnqueueReply | UnknownJobsReply | 'not written';

export interface NumberedSenderOptions {
  readonly redis: WorkRedis;
  readonly keyspace: Keyspace;
  readonly trouble: LastTrouble;
  readonly isKnown: ((jobName: string) => boolean) | undefined;
  /** Told when a call was not answered for a while, or its reply was lost. */
  readonly onUnanswered: () => void;
}

/**
 * Sends calls under rising numbers, one after the other. A call whose reply was lost is sent again under its number, so
 * that it is written once; if it is given up before a reply comes, the number of the next one locks it out for good.
 */
export class NumberedSender {
  readonly #producerId = newId();
  #number = 0;
  #isInDoubt = false;
  #isJustSent = false;

  constructor(private readonly options: NumberedSenderOptions) {}

  /** Whether the call under way may have been written: it was sent, and Redis has not said that it did nothing. */
  get isInDoubt(): boolean {
    return this.#isInDoubt;
  }

  /** Whether the answer is to be expected at any moment. */
  get isJustSent(): boolean {
    return this.#isJustSent;
  }

  /**
   * Resolves with undefined when nobody waits for the call any more.
   *
   * @throws Redis' error reply, where that does not pass by itself: nothing was written
   */
  async deliver(writes: readonly JobWrite[], isAwaited: () => boolean): Promise<DeliveryEnd | undefined> {
    const { redis, trouble, onUnanswered } = this.options;
    const number = (this.#number += 1);
    this.#isInDoubt = false;
    while (isAwaited()) {
      const wasInDoubt = this.#isInDoubt;
      if (redis.status !== 'ready' && !wasInDoubt) return 'not written';
      try {
        if (redis.status === 'ready') return await this.#send(number, writes);
      } catch (error) {
        trouble.commandFailed(error);
        // A refused repetition says nothing of the call before it.
        if (isErrorReply(error) && !wasInDoubt) return this.#refused(error);
        onUnanswered();
      }
      await readyOrLater(redis, RETRY_DELAY_MS);
    }
    return undefined;
  }

  #refused(reply: Error): 'not written' {
    this.#isInDoubt = false;
    if (isPassingError(reply)) return 'not written';
    throw reply;
  }

  /** The timer is looked at after the sockets were read, so that a blocked event loop does not count as a silent Redis. */
  async #send(number: number, writes: readonly JobWrite[]): Promise<EnqueueReply | UnknownJobsReply> {
    const { redis, keyspace, isKnown, trouble } = this.options;
    this.#isInDoubt = this.#isJustSent = true;
    let isAnswered = false;
    const timer = setTimeout(() => setImmediate(() => isAnswered || this.#stalled()), STALL_MS);
    try {
      const reply = await enqueue(redis, keyspace, { producerId: this.#producerId, number, writes, isKnown });
      trouble.commandSucceeded();
      return reply;
    } finally {
      isAnswered = true;
      this.#isJustSent = false;
      clearTimeout(timer);
    }
  }

  #stalled(): void {
    this.#isJustSent = false;
    this.options.onUnanswered();
  }
}

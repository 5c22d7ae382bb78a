import { setImmediate } from 'node:timers';
import type { GoJsonOptions, Keyspace } from '#protocol';
import { isErrorReply, isPassingError, readyOrLater, redisTimeMs } from '#store';
import type { EnqueueReply, JobWrite, WorkRedis, WriteAnswer } from '#store';
import type { CallClock } from './call-clock.js';
import { CallQueue } from './call-queue.js';
import { Deadlines } from './deadlines.js';
import { EnqueueBacklogError, EnqueueRefusedError } from './enqueue-errors.js';
import { EnqueueTimeoutError } from './enqueue-timeout-error.js';
import type { KnownJobs } from './known-jobs.js';
import type { LastTrouble } from '../last-trouble.js';
import { NumberedSender } from './numbered-sender.js';
import type { PendingCall } from './pending-call.js';

const RETRY_DELAY_MS = 50;

export interface ProducerOptions {
  readonly redis: WorkRedis;
  readonly keyspace: Keyspace;
  readonly clock: CallClock;
  readonly timeoutMs: number;
  readonly trouble: LastTrouble;
  readonly json: GoJsonOptions;
  readonly knownJobs: KnownJobs;
  /** Told what Redis confirmed. */
  readonly onAnswers: (writes: readonly JobWrite[], answers: readonly WriteAnswer[]) => void;
}

/** Brings calls to Redis: what is made in one turn of the event loop, or while another call is under way, goes together. */
export class Producer {
  readonly #queue = new CallQueue();
  readonly #deadlines: Deadlines;
  readonly #sender: NumberedSender;
  /** Their time is up while the answer may come at any moment: a reply is better than not to know. */
  readonly #late = new Set<PendingCall>();
  #isPumping = false;
  #isStalled = false;
  #isOverfull = false;

  constructor(private readonly options: ProducerOptions) {
    const { redis, keyspace, clock, timeoutMs, trouble, knownJobs } = options;
    const { isKnown } = knownJobs;
    this.#sender = new NumberedSender({ redis, keyspace, trouble, isKnown, onUnanswered: () => this.#unanswered() });
    this.#deadlines = new Deadlines(
      timeoutMs,
      () => clock.monotonicMs(),
      (call) => this.#giveUp(call),
    );
  }

  /**
   * A burst within one turn of the event loop may pass the limit while Redis answers: it has not waited yet.
   *
   * @throws EnqueueBacklogError
   */
  assertRoom(jobName: string): void {
    const isHeldUp = this.#isOverfull || this.#isStalled || !this.#isReady();
    const limit = this.#queue.reachedLimit(isHeldUp);
    if (limit) throw new EnqueueBacklogError(jobName, limit);
  }

  add(call: PendingCall): void {
    this.#queue.add(call);
    this.#deadlines.add(call);
    if (this.#isPumping) return;
    this.#isPumping = true;
    setImmediate(() => void this.#pump());
  }

  async #pump(): Promise<void> {
    while (this.#queue.size > 0) {
      if (!this.#isReady()) await this.#waitForRedis();
      else if (!this.options.clock.isKnown) await this.#readClock();
      else await this.#deliver(this.#queue.take());
    }
    this.#isPumping = false;
  }

  async #deliver(calls: readonly PendingCall[]): Promise<void> {
    this.#isOverfull = this.#queue.reachedLimit(true) !== undefined;
    let unsent = calls;
    while (unsent.length > 0) unsent = stillToSend(await this.#send(unsent));
    this.#late.clear();
    this.#isStalled = false;
    this.#deadlines.tidy();
  }

  /** Resolves with those to send once more: without the others, whose jobs Redis did not know, or when it takes them. */
  async #send(calls: readonly PendingCall[]): Promise<readonly PendingCall[]> {
    const writes = calls.flatMap((call) => this.#finish(call));
    if (writes.length === 0) return [];
    try {
      const end = await this.#sender.deliver(writes, () => calls.some(({ isOpen }) => isOpen));
      if (end === 'not written') return await this.#later(calls);
      if (end && 'unknownJobs' in end) return this.#refuseUnknown(calls, end.unknownJobs);
      if (end) this.#answer(calls, writes, end);
    } catch (error) {
      this.#failAll(calls, error as Error);
    }
    return [];
  }

  /** What is no error of Redis is one of ours, and told as it is. */
  #failAll(calls: readonly PendingCall[], error: Error): void {
    const { target } = this.options.trouble;
    for (const call of calls)
      call.fail(isErrorReply(error) ? new EnqueueRefusedError(call.jobName, error, target) : error);
  }

  async #later(calls: readonly PendingCall[]): Promise<readonly PendingCall[]> {
    this.#isStalled = true;
    this.#endLate();
    await this.#waitForRedis();
    return calls;
  }

  #refuseUnknown(calls: readonly PendingCall[], unknownJobs: readonly string[]): readonly PendingCall[] {
    const isUnknown = (call: PendingCall) => unknownJobs.includes(call.jobName);
    for (const call of calls.filter(isUnknown)) call.fail(this.options.knownJobs.refusalOf(call.jobName));
    return calls.filter((call) => !isUnknown(call));
  }

  #finish(call: PendingCall): readonly JobWrite[] {
    const { clock, json, knownJobs } = this.options;
    try {
      knownJobs.isKnown?.(call.jobName); // what the application's own answer throws is for this caller
      return call.send(clock.wallTimeAt(call.calledAtMs), json);
    } catch (error) {
      call.fail(error as Error);
      return [];
    }
  }

  #answer(calls: readonly PendingCall[], writes: readonly JobWrite[], { answers, redisMs }: EnqueueReply): void {
    const { clock, knownJobs, trouble, onAnswers } = this.options;
    clock.sample(redisMs);
    knownJobs.confirm(writes);
    let at = 0;
    for (const call of calls.filter(({ wasSent }) => wasSent))
      call.answer(answers.slice(at, (at += call.size)), trouble.target);
    onAnswers(writes, answers);
  }

  async #readClock(): Promise<void> {
    const { redis, clock, trouble } = this.options;
    try {
      clock.sample(await redisTimeMs(redis));
    } catch (error) {
      trouble.commandFailed(error);
      if (isErrorReply(error) && !isPassingError(error)) clock.doWithout();
      else await readyOrLater(redis, RETRY_DELAY_MS);
    }
  }

  #isReady(): boolean {
    return this.options.redis.status === 'ready';
  }

  async #waitForRedis(): Promise<void> {
    this.#dropExcess();
    await readyOrLater(this.options.redis, RETRY_DELAY_MS);
  }

  #unanswered(): void {
    this.#isStalled = true;
    this.#dropExcess();
    this.#endLate();
  }

  #endLate(): void {
    for (const call of this.#late) if (call.isOpen) this.#fail(call);
    this.#late.clear();
  }

  #dropExcess(): void {
    const limit = this.#queue.reachedLimit(true) ?? 'calls';
    for (const call of this.#queue.dropExcess()) call.fail(new EnqueueBacklogError(call.jobName, limit));
  }

  #giveUp(call: PendingCall): void {
    if (!call.wasSent) this.#queue.forget(call);
    if (call.wasSent && this.#sender.isJustSent) this.#late.add(call);
    else this.#fail(call);
  }

  /** Not sent, or refused each time, it is not written and will not be: it is not among those that are sent again. */
  #fail(call: PendingCall): void {
    const { timeoutMs, trouble } = this.options;
    const written = call.wasSent && this.#sender.isInDoubt ? 'unknown' : 'no';
    call.fail(new EnqueueTimeoutError(call.jobName, timeoutMs, written, trouble));
  }
}

/** A caller that has given up meanwhile was told that nothing was written; what follows it must not go before it. */
function stillToSend(calls: readonly PendingCall[]): readonly PendingCall[] {
  const open = calls.filter(({ isOpen }) => isOpen);
  for (const call of open) if (call.obstacle) call.fail(call.obstacle);
  return open.filter(({ isOpen }) => isOpen);
}

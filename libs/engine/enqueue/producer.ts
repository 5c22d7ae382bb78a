import { setImmediate } from 'node:timers';
import type { GoJsonOptions, Keyspace } from '#protocol';
import { isErrorReply, isPassingError, readyOrLater, redisTimeMs } from '#store';
import type { EnqueueReply, JobWrite, WorkRedis, WriteAnswer } from '#store';
import type { CallClock } from './call-clock.js';
import { CallQueue } from './call-queue.js';
import { Deadlines } from './deadlines.js';
import { EnqueueBacklogError, EnqueueRefusedError, EnqueueTimeoutError } from './enqueue-errors.js';
import type { KnownJobs } from './known-jobs.js';
import { NumberedSender } from './numbered-sender.js';
import type { PendingCall } from './pending-call.js';

/** Calls that may wait for Redis. */
const MAX_WAITING_CALLS = 10_000;
const RETRY_DELAY_MS = 50;

export interface ProducerOptions {
  readonly redis: WorkRedis;
  readonly keyspace: Keyspace;
  readonly clock: CallClock;
  readonly timeoutMs: number;
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
  #isPumping = false;
  #isStalled = false;
  #isOverfull = false;

  constructor(private readonly options: ProducerOptions) {
    const { redis, keyspace, clock, timeoutMs, knownJobs } = options;
    this.#sender = new NumberedSender({ redis, keyspace, isKnown: knownJobs.isKnown, onStall: () => this.#stall() });
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
    if (this.#queue.size < MAX_WAITING_CALLS) return;
    if (!this.#isOverfull && !this.#isStalled && this.#isReady()) return;
    throw new EnqueueBacklogError(jobName, MAX_WAITING_CALLS);
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
    this.#isOverfull = this.#queue.size >= MAX_WAITING_CALLS;
    let unsent = calls;
    while (unsent.length > 0) unsent = await this.#send(unsent);
    this.#isStalled = false;
    this.#deadlines.tidy();
  }

  /** Resolves with those to send once more, without the others that Redis did not know. */
  async #send(calls: readonly PendingCall[]): Promise<readonly PendingCall[]> {
    const writes = calls.flatMap((call) => this.#finish(call));
    if (writes.length === 0) return [];
    try {
      const reply = await this.#sender.deliver(writes, () => calls.some(({ isOpen }) => isOpen));
      if (reply && 'unknownJobs' in reply) return this.#refuseUnknown(calls, reply.unknownJobs);
      if (reply) this.#answer(calls, writes, reply);
    } catch (error) {
      for (const call of calls) call.fail(new EnqueueRefusedError(call.jobName, error as Error));
    }
    return [];
  }

  #refuseUnknown(calls: readonly PendingCall[], unknownJobs: readonly string[]): readonly PendingCall[] {
    const isUnknown = (call: PendingCall) => unknownJobs.includes(call.jobName);
    for (const call of calls.filter(isUnknown)) call.fail(this.options.knownJobs.refusalOf(call.jobName));
    return calls.filter((call) => !isUnknown(call));
  }

  #finish(call: PendingCall): readonly JobWrite[] {
    const { clock, json } = this.options;
    try {
      return call.send(clock.wallTimeAt(call.calledAtMs), json);
    } catch (error) {
      call.fail(error as Error);
      return [];
    }
  }

  #answer(calls: readonly PendingCall[], writes: readonly JobWrite[], { answers, redisMs }: EnqueueReply): void {
    this.options.clock.sample(redisMs);
    this.options.knownJobs.confirm(writes);
    let at = 0;
    for (const call of calls.filter(({ wasSent }) => wasSent)) call.answer(answers.slice(at, (at += call.size)));
    this.options.onAnswers(writes, answers);
  }

  async #readClock(): Promise<void> {
    const { redis, clock } = this.options;
    try {
      clock.sample(await redisTimeMs(redis));
    } catch (error) {
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

  #stall(): void {
    this.#isStalled = true;
    this.#dropExcess();
  }

  #dropExcess(): void {
    for (const call of this.#queue.dropNewest(MAX_WAITING_CALLS)) {
      call.fail(new EnqueueBacklogError(call.jobName, MAX_WAITING_CALLS));
    }
  }

  #giveUp(call: PendingCall): void {
    if (!call.wasSent) this.#queue.forget();
    call.fail(new EnqueueTimeoutError(call.jobName, this.options.timeoutMs, call.wasSent ? 'unknown' : 'no'));
  }
}

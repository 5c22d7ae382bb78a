import { FetchState } from '../../libs/engine/fetcher/state/fetch-state.js';
import type { HeldJob } from '../../libs/engine/fetcher/state/held-job.js';
import type { FetchStep } from '../../libs/engine/fetcher/state/next-step.js';
import type { SettleAndFetchCall } from '#store';
import { ModelHandlers } from './model-handlers.js';
import { jobOf, ModelRedis } from './model-redis.js';

export const QUEUES = ['quick', 'slow', 'limited'];
const LIMIT = 2;
const CONCURRENCY = 3;
const TRUSTED_BEAT_MS = 8_000;

type Step = Exclude<FetchStep, { kind: 'wait' }>;

/**
 * A FetchState, a model of Redis, and whatever can happen between them. Every event is followed by what the pump does. What
 * must hold at every moment is checked here, and thrown.
 */
export class FetchWorld {
  readonly redis = new ModelRedis();
  readonly state: FetchState;
  readonly handlers: ModelHandlers;
  readonly enqueued: string[] = [];
  readonly #starts = new Map<string, number>();
  readonly #late: SettleAndFetchCall[] = [];
  #underWay: Step | undefined;
  #waitUntilMs = 0;
  #nowMs = 1_000;
  #beatAtMs = 1_000;
  #knownMemberAtMs = -Infinity;
  #poolId = 'P1';
  #isStopped = false;
  #isReadDue = false;

  constructor(random: () => number) {
    this.redis.members.add(this.#poolId);
    this.redis.limits.set('limited', LIMIT);
    this.state = new FetchState({
      concurrency: CONCURRENCY,
      jobTypes: QUEUES.map((name) => ({ name, priority: 1, limit: name === 'limited' ? 1 : 0 })),
      random,
      beatAgeMs: () => this.#nowMs - this.#beatAtMs,
      onChange: () => {},
    });
    this.state.registered(this.#poolId);
    this.handlers = new ModelHandlers(this.redis, (job, settlement) => this.state.jobEnded(job, settlement));
  }

  /** The events, each with a number to choose by; one that is not possible now does nothing. */
  readonly events: Readonly<Record<string, (choice: number) => void>> = {
    enqueue: (choice) => this.#enqueue(choice),
    endJob: (choice) => this.handlers.endOne(choice),
    answer: () => this.#answer(),
    loseReply: () => this.#lose(true),
    loseRequest: () => this.#lose(false),
    applyLateRequest: (choice) => {
      const [call] = this.#late.splice(choice % Math.max(1, this.#late.length), 1);
      if (call) this.redis.settleAndFetch(call);
    },
    refuse: (choice) => this.#refuse(choice % 2 === 0),
    // What stands between may answer with an error of its own, though Redis did what it was asked.
    refuseWhatWasDone: () => {
      if (this.#underWay?.kind === 'settle-and-fetch') this.redis.settleAndFetch(this.#underWay.call);
      this.#refuse(false);
    },
    passTime: (choice) => void (this.#nowMs += choice % 150),
    passMuchTime: (choice) => void (this.#nowMs += choice % 12_000),
    beat: () => void (this.#beatAtMs = this.#nowMs),
    pauseOrResume: (choice) => {
      const name = QUEUES[choice % QUEUES.length]!;
      if (!this.redis.paused.delete(name)) this.redis.paused.add(name);
      this.state.woken(name);
    },
    wake: (choice) => this.state.woken([...QUEUES, undefined][choice % 4]),
    reap: (choice) => this.redis.reap(this.#poolId, QUEUES[choice % QUEUES.length]!, choice % 4),
    hearOfFence: () => {
      if (!this.redis.members.has(this.#poolId)) this.state.wasFenced();
    },
    reconnect: () => {
      this.#isReadDue = true;
      this.state.reconnected();
    },
    breakOrMendRetrySet: () => {
      if (!this.redis.broken.delete('retry')) this.redis.broken.add('retry');
    },
    loseTracking: (choice) => this.state.setWatched(choice % 2 === 0, this.#nowMs),
    beginClaim: (choice) => this.handlers.beginClaim(choice),
    endClaim: () => this.handlers.endClaim(),
    stepAside: (choice) => this.handlers.stepAside(choice),
    comeBack: () => this.handlers.comeBack(),
  };

  async happens(event: string, choice: number): Promise<void> {
    this.events[event]!(choice);
    await this.turn();
  }

  stop(): void {
    this.#isStopped = true;
    this.state.stopFetching();
  }

  /** What the Fetcher's stop does when the grace period is over. */
  async abandon(): Promise<void> {
    this.handlers.beginClaim(0);
    await new Promise(setImmediate);
    this.state.interruptRunning('shutdown');
    this.handlers.abandon();
    this.state.giveBackRunning();
    await this.turn();
  }

  /** Nothing fails any more, jobs end, and time goes on to each timer; until nothing is left to do. */
  async settleDown(isOver: () => boolean): Promise<void> {
    this.redis.broken.clear();
    this.redis.paused.clear();
    for (let i = 0; i < 2_000 && !isOver(); i++) {
      this.#beatAtMs = this.#nowMs;
      this.handlers.endAll();
      if (this.#underWay) this.#answer();
      else if (Number.isFinite(this.#waitUntilMs)) this.#nowMs = Math.max(this.#nowMs, this.#waitUntilMs);
      await this.turn();
    }
    if (!isOver()) throw new Error('It stalls: no event leads on, though jobs are left.');
  }

  async turn(): Promise<void> {
    for (let i = 0; i < 2; i++) {
      await new Promise(setImmediate);
      for (const job of this.state.startable(this.#nowMs)) this.#start(job);
      this.#askNext();
    }
  }

  #askNext(): void {
    const step = this.state.next(this.#nowMs);
    if (step.kind !== 'wait') {
      if (this.#underWay) throw new Error('Two steps are under way.');
      this.#underWay = step;
      return;
    }
    this.#waitUntilMs = step.untilMs;
    const hasFreeSlot = this.state.running.size + this.redis.broken.size < CONCURRENCY;
    const isWaitingForOthers = this.#underWay !== undefined || this.handlers.claiming > 0;
    if (step.untilMs === Infinity && hasFreeSlot && !isWaitingForOthers && !this.#isStopped)
      throw new Error('A slot is free, and neither a call nor a timer is pending.');
  }

  #start(job: HeldJob): void {
    const name = jobOf(job.bytes);
    if (this.#isStopped) throw new Error(`${name} is started after the stop.`);
    if (Math.min(this.#nowMs - this.#beatAtMs, this.#nowMs - this.#knownMemberAtMs) > TRUSTED_BEAT_MS)
      throw new Error(`${name} is started by a pool that may be dead.`);
    if (this.#isReadDue) throw new Error(`${name} is started before the lists were read after a reconnect.`);
    if (this.#nowMs - job.heldSinceMs >= 100)
      throw new Error(`${name} is started after having waited here for too long.`);
    if (this.state.running.size > CONCURRENCY + this.handlers.aside)
      throw new Error('More jobs run than there are slots.');
    this.#starts.set(name, (this.#starts.get(name) ?? 0) + 1);
    const allowed = this.enqueued.filter((other) => other === name).length + (this.redis.returns.get(name) ?? 0);
    if (this.#starts.get(name)! > allowed) throw new Error(`${name} is started twice.`);
    this.handlers.start(job);
  }

  #enqueue(choice: number): void {
    const job = choice % 5 === 0 ? 'twin' : `job${this.enqueued.length}`;
    this.enqueued.push(job);
    this.redis.queue(QUEUES[choice % QUEUES.length]!).push(job);
  }

  #answer(): void {
    const step = this.#takeStep();
    if (!step) return;
    if (step.kind === 'renew') return this.#renew();
    if (step.kind === 'read') {
      this.#isReadDue = false;
      return this.state.readReplied(step, this.#read(step), this.#nowMs);
    }
    const reply = this.redis.settleAndFetch(step.call);
    if (reply.kind === 'ok' && step.call.poolId === this.#poolId) this.#knownMemberAtMs = step.call.sentAtMs;
    this.state.replied(step.call, reply, this.#nowMs);
  }

  #read(step: Extract<Step, { kind: 'read' }>) {
    if (this.handlers.claiming > 0) throw new Error('The lists are read while a claim changes them.');
    return this.redis.read(step);
  }

  #renew(): void {
    this.redis.members.delete(this.#poolId);
    this.#poolId = `P${Number(this.#poolId.slice(1)) + 1}`;
    this.redis.members.add(this.#poolId);
    this.#beatAtMs = this.#knownMemberAtMs = this.#nowMs;
    this.state.renewed(this.#poolId, this.#nowMs);
  }

  #lose(isApplied: boolean): void {
    const step = this.#takeStep();
    if (!step) return;
    if (isApplied && step.kind === 'read') this.#read(step);
    if (step.kind === 'settle-and-fetch') {
      if (isApplied) this.redis.settleAndFetch(step.call);
      else this.#late.push(step.call);
    }
    this.state.unanswered(this.#nowMs);
  }

  #refuse(isFatal: boolean): void {
    if (this.#takeStep()) this.state.refused(this.#nowMs, isFatal);
  }

  #takeStep(): Step | undefined {
    const step = this.#underWay;
    this.#underWay = undefined;
    return step;
  }
}

import type {
  ReadInProgressReply,
  ReadInProgressStep,
  Settle,
  SettleAndFetchCall,
  SettleAndFetchReply,
  QueueStatus,
} from '#store';

/** Redis as settle-and-fetch and read-in-progress leave it, without Redis: what a pool's decisions are tried against. */
export class ModelRedis {
  readonly members = new Set<string>();
  readonly paused = new Set<string>();
  readonly limits = new Map<string, number>();
  /** Sorted sets that refuse what is written to them. */
  readonly broken = new Set<string>();
  /** Every settle that took effect, as job and kind. */
  readonly settled: { readonly job: string; readonly kind: string }[] = [];
  /** How often each job came back to its queue. */
  readonly returns = new Map<string, number>();
  /** Entries that a reap moved: a settle may miss no other. */
  readonly #reaped = new Set<string>();
  readonly #queues = new Map<string, string[]>();
  readonly #inProgress = new Map<string, string[]>();
  readonly #numbers = new Map<string, number>();

  /** The next job to run is the first. */
  queue(name: string): string[] {
    return listOf(this.#queues, name);
  }

  /** The oldest first. */
  inProgress(poolId: string, name: string): string[] {
    return listOf(this.#inProgress, `${poolId} ${name}`);
  }

  /** Every job that waits or is in progress anywhere. */
  get everywhere(): string[] {
    return [...this.#queues.values(), ...this.#inProgress.values()].flat().map(jobOf);
  }

  get allInProgress(): string[] {
    return [...this.#inProgress.values()].flat();
  }

  settleAndFetch(call: SettleAndFetchCall): SettleAndFetchReply {
    const stored = this.#numbers.get(call.poolId) ?? 0;
    if (call.number <= stored) return { kind: 'repeat', number: stored };
    this.#numbers.set(call.poolId, call.number);
    const gone: Settle[] = [];
    const kept: Settle[] = [];
    for (const settle of call.settles) this.#settle(call.poolId, settle, gone, kept);
    if (!this.members.has(call.poolId) || gone.length > 0)
      return { kind: 'fenced', gone, kept, statuses: new Map(), jobs: [], errors: [], foreignLimits: [] };
    return { kind: 'ok', gone, kept, errors: [], foreignLimits: [], ...this.#take(call) };
  }

  read({ poolId, number, queueNames }: ReadInProgressStep): ReadInProgressReply {
    const raised = Math.max(number, this.#numbers.get(poolId) ?? 0);
    this.#numbers.set(poolId, raised);
    const entries = new Map(
      queueNames.map((name) => [name, this.inProgress(poolId, name).map((job) => Buffer.from(job))]),
    );
    return { isMember: this.members.has(poolId), number: raised, entries, errors: [] };
  }

  /** Takes a pool for dead, and moves as many of its jobs back. */
  reap(poolId: string, name: string, jobs: number): void {
    this.members.delete(poolId);
    for (const job of this.inProgress(poolId, name).splice(0, jobs).reverse()) {
      this.#reaped.add(`${poolId} ${jobOf(job)}`);
      this.#return(name, job);
    }
  }

  #settle(poolId: string, settle: Settle, gone: Settle[], kept: Settle[]): void {
    const list = this.inProgress(poolId, settle.queueName);
    const place = list.indexOf(String(settle.bytes));
    if (place < 0) {
      if (!this.#reaped.has(`${poolId} ${jobOf(settle.bytes)}`))
        throw new Error(
          `${String(settle.bytes)} is settled though it is in progress no more, and nobody took it away.`,
        );
      gone.push(settle);
    } else if (this.broken.has(settle.settlement.kind)) {
      kept.push(settle);
    } else {
      const [job = ''] = list.splice(place, 1);
      if (settle.settlement.kind === 'back') this.#return(settle.queueName, job);
      else this.settled.push({ job: jobOf(job), kind: settle.settlement.kind });
    }
  }

  #return(name: string, job: string): void {
    this.queue(name).unshift(job);
    this.returns.set(jobOf(job), (this.returns.get(jobOf(job)) ?? 0) + 1);
  }

  #take({ poolId, queues, wanted, ahead }: SettleAndFetchCall) {
    const jobs: { queueName: string; bytes: Buffer }[] = [];
    for (const { name } of queues) {
      const most = wanted - (this.limits.has(name) ? ahead : 0);
      while (jobs.length < most && this.#canTake(name)) {
        const job = this.queue(name).shift()!;
        this.inProgress(poolId, name).push(job);
        jobs.push({ queueName: name, bytes: Buffer.from(job) });
      }
    }
    return { jobs, statuses: new Map(queues.map(({ name }) => [name, this.#statusOf(name)])) };
  }

  #canTake(name: string): boolean {
    return !this.paused.has(name) && this.queue(name).length > 0 && this.#room(name) > 0;
  }

  #room(name: string): number {
    const held = [...this.#inProgress].filter(([key]) => key.endsWith(` ${name}`)).flatMap(([, jobs]) => jobs).length;
    return (this.limits.get(name) ?? Infinity) - held;
  }

  #statusOf(name: string): QueueStatus {
    if (this.paused.has(name)) return 'paused';
    if (this.queue(name).length === 0) return 'empty';
    if (this.#room(name) <= 0) return 'at-limit';
    return this.limits.has(name) ? 'limited' : 'more';
  }
}

/** A claim leaves the job's name in front. */
export function jobOf(bytes: string | Buffer): string {
  return String(bytes).split('+')[0]!;
}

function listOf(lists: Map<string, string[]>, key: string): string[] {
  const known = lists.get(key);
  if (known) return known;
  const made: string[] = [];
  lists.set(key, made);
  return made;
}

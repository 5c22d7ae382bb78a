import type { Keyspace } from '#protocol';
import type { ScriptArgument } from '../../script.js';
import type { Settle, SettleAndFetchCall } from './call.js';

export interface SettleArguments {
  readonly keys: ScriptArgument[];
  readonly args: ScriptArgument[];
  /** The settles in the order in which the script counts them. */
  readonly settles: readonly Settle[];
}

/** KEYS and ARGV of settle-and-fetch, as the head of the script lists them. */
export function settleArguments(keyspace: Keyspace, call: SettleAndFetchCall): SettleArguments {
  const queues = new QueueKeys(keyspace, call);
  const grouped = new Map<number, Settle[]>();
  const others: Settle[] = [];
  for (const settle of call.settles) {
    if (needsNothing(settle)) group(grouped, queues.indexOf(settle.queueName)).push(settle);
    else others.push(settle);
  }
  const attempts: string[] = [];
  const tail = [...groupArguments(grouped), ...others.flatMap((settle) => otherArguments(settle, queues, attempts))];
  const attemptKeys = attempts.map((jobId) => keyspace.ext.attempts(jobId));
  return {
    keys: [...fixedKeys(keyspace, call.poolId), ...attemptKeys, ...queues.keys],
    args: [...fixedArguments(call, queues), ...tail],
    settles: [...[...grouped.values()].flat(), ...others],
  };
}

function needsNothing({ settlement }: Settle): boolean {
  return (settlement.kind === 'succeeded' || settlement.kind === 'discarded') && !settlement.attempt;
}

function group(grouped: Map<number, Settle[]>, queue: number): Settle[] {
  const known = grouped.get(queue);
  if (known) return known;
  const made: Settle[] = [];
  grouped.set(queue, made);
  return made;
}

function fixedKeys({ workerPools, retry, dead, scheduled, ext }: Keyspace, poolId: string): string[] {
  return [workerPools, ext.call(poolId), retry, dead, scheduled, ext.quarantine, ext.limits];
}

function fixedArguments(call: SettleAndFetchCall, queues: QueueKeys): ScriptArgument[] {
  const { poolId, number, wanted, ahead, seed } = call;
  return [poolId, number, wanted, ahead, seed, queues.priorities.length, ...queues.priorities, ...queues.limits];
}

function groupArguments(grouped: ReadonlyMap<number, readonly Settle[]>): ScriptArgument[] {
  const args: ScriptArgument[] = [grouped.size];
  for (const [queue, settles] of grouped) {
    args.push(queue, settles.length);
    for (const { bytes } of settles) args.push(bytes);
  }
  return args;
}

function otherArguments({ queueName, bytes, settlement }: Settle, queues: QueueKeys, attempts: string[]) {
  const { kind, attempt } = settlement;
  const attemptKey = attempt ? attempts.push(attempt.jobId) : 0;
  const [score, newBytes] = destination(settlement);
  return [queues.indexOf(queueName), kind, bytes, score, newBytes, attemptKey, attempt?.line ?? ''];
}

function destination(settlement: Settle['settlement']): [ScriptArgument, ScriptArgument] {
  switch (settlement.kind) {
    case 'retry':
    case 'scheduled':
    case 'dead':
      return [settlement.score, settlement.bytes];
    case 'quarantined':
      return ['', settlement.entry];
    default:
      return ['', ''];
  }
}

/** Places of the named queues, those to take from first; one that only settles name is not taken from. */
class QueueKeys {
  readonly keys: string[] = [];
  readonly priorities: number[] = [];
  readonly limits: number[] = [];
  readonly #places = new Map<string, number>();

  constructor(
    private readonly keyspace: Keyspace,
    private readonly call: SettleAndFetchCall,
  ) {
    for (const { name, priority, limit } of call.queues) this.#add(name, priority, limit);
  }

  indexOf(name: string): number {
    return this.#places.get(name) ?? this.#add(name, 0);
  }

  #add(name: string, priority: number, limit = 0): number {
    const { keyspace } = this;
    this.keys.push(
      keyspace.queue(name),
      keyspace.inProgress(name, this.call.poolId),
      keyspace.paused(name),
      keyspace.lock(name),
      keyspace.lockInfo(name),
      keyspace.maxConcurrency(name),
    );
    this.limits.push(limit);
    const place = this.priorities.push(priority);
    this.#places.set(name, place);
    return place;
  }
}

import { decodeKeyErrors, type KeyError } from '../shared/key-errors.js';
import type { NamedQueue, Settle } from './call.js';

/** How a queue stood when the call was over; `limited` = has more, and its type has a limit that leaves room. */
export type QueueStatus = 'empty' | 'more' | 'limited' | 'paused' | 'at-limit' | 'broken';

const STATUSES: readonly QueueStatus[] = ['empty', 'more', 'limited', 'paused', 'at-limit', 'broken'];

export interface TakenJob {
  readonly queueName: string;
  readonly bytes: Buffer;
}

export interface ForeignLimit {
  readonly queueName: string;
  readonly inForce: number;
  /** What a pool of ours last wrote; equal to the one in force where it was set again. */
  readonly ours: number;
}

export interface KnownReply {
  /** `fenced`: the pool is no member of worker_pools, or an entry it held was gone. No job was taken. */
  readonly kind: 'ok' | 'fenced';
  /** Settles whose entry was not there: nothing was done for them. */
  readonly gone: readonly Settle[];
  /** Settles whose place refused them: their entries are still in progress. */
  readonly kept: readonly Settle[];
  /** Of each queue of the call's `queues`; none where fenced. */
  readonly statuses: ReadonlyMap<string, QueueStatus>;
  /** In the order of the draw, oldest first within a queue. */
  readonly jobs: readonly TakenJob[];
  /** Keys that could not be used, each once. */
  readonly errors: readonly KeyError[];
  /** Limits of types that the pool limits, where something else than ours had written another. */
  readonly foreignLimits: readonly ForeignLimit[];
}

export type SettleAndFetchReply =
  | KnownReply
  /** The number was not above the stored one: this call, or a later one, was done before. Nothing was changed now. */
  | { readonly kind: 'repeat'; readonly number: number };

export function decodeReply(
  raw: unknown,
  queues: readonly NamedQueue[],
  settles: readonly Settle[],
): SettleAndFetchReply {
  const [kind, number, gone, statuses, jobs, errors, kept, foreignLimits] = raw as RawReply;
  if (String(kind) === 'repeat') return { kind: 'repeat', number };
  return {
    kind: String(kind) === 'ok' ? 'ok' : 'fenced',
    gone: gone.map((place) => settles[place - 1]!),
    kept: kept.map((place) => settles[place - 1]!),
    statuses: decodeStatuses(statuses, queues),
    jobs: decodeJobs(jobs, queues),
    errors: decodeKeyErrors(errors),
    foreignLimits: foreignLimits.map(([place, inForce, ours]) => ({
      queueName: queues[place - 1]!.name,
      inForce,
      ours,
    })),
  };
}

type RawReply = [
  Buffer,
  number,
  number[],
  number[],
  (number | Buffer)[],
  Buffer[],
  number[],
  [number, number, number][],
];

function decodeStatuses(raw: readonly number[], queues: readonly NamedQueue[]): ReadonlyMap<string, QueueStatus> {
  const statuses = new Map<string, QueueStatus>();
  if (raw.length > 0) queues.forEach(({ name }, i) => statuses.set(name, STATUSES[raw[i]!]!));
  return statuses;
}

function decodeJobs(runs: readonly (number | Buffer)[], queues: readonly NamedQueue[]): TakenJob[] {
  const jobs: TakenJob[] = [];
  for (let i = 0; i < runs.length;) {
    const queueName = queues[(runs[i] as number) - 1]!.name;
    const end = i + 2 + (runs[i + 1] as number);
    for (i += 2; i < end; i++) jobs.push({ queueName, bytes: runs[i] as Buffer });
  }
  return jobs;
}

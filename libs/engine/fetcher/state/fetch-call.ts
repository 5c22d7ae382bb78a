import type { NamedQueue, SettleAndFetchCall } from '#store';
import type { HeldOutcome } from './held-outcome.js';
import type { JobLedger } from './job-ledger.js';
import type { QueueBeliefs } from './queue-beliefs.js';

/** One settle-and-fetch call; what it settles is out of the ledger until its reply is known. */
export interface FetchCall extends SettleAndFetchCall {
  readonly settles: readonly HeldOutcome[];
  /** Monotonic, of the first time it was sent. */
  readonly sentAtMs: number;
}

/** A script blocks Redis while it runs. */
const WANTED_PER_CALL = 1_000;

export interface Room {
  /** Slots that a job could start in at once. */
  readonly free: number;
  /** How many to fetch beyond them. */
  readonly ahead: number;
}

export const NO_ROOM: Room = { free: 0, ahead: 0 };

export interface CallPlan {
  readonly wanted: number;
  readonly ahead: number;
  readonly queues: readonly NamedQueue[];
}

/**
 * What to ask for. Queues that are named anyway, because jobs of theirs are settled or wait here, are asked as well: their
 * answer costs nothing, a settle may have made room at a limit, and a pause must be noticed.
 */
export function planCall(
  room: Room,
  asked: readonly NamedQueue[],
  settles: readonly HeldOutcome[],
  ledger: JobLedger,
  beliefs: QueueBeliefs,
): CallPlan {
  const queues = new Map(asked.map((queue) => [queue.name, queue]));
  const name = ({ queueName }: { readonly queueName: string }) => {
    const queue = queues.has(queueName) ? undefined : beliefs.named(queueName);
    if (queue) queues.set(queueName, queue);
  };
  ledger.ahead.forEach(name);
  if (room.free > 0) settles.forEach(name);
  const free = Math.min(room.free, WANTED_PER_CALL);
  const ahead = Math.min(room.ahead, WANTED_PER_CALL - free);
  return { wanted: free + ahead, ahead, queues: [...queues.values()] };
}

import type { KnownReply, SettleAndFetchReply } from '#store';
import type { FetchBooks } from './fetch-books.js';
import type { FetchCall } from './fetch-call.js';
import type { HeldOutcome } from './held-outcome.js';

/** Writes into the books what the reply to a settle-and-fetch call says. */
export function recordReply(books: FetchBooks, call: FetchCall, reply: SettleAndFetchReply, nowMs: number): void {
  if (reply.kind === 'repeat') return recordRepeat(books, call, reply.number);
  books.numbers.spend(call.poolId, call.number);
  recordSettles(books, call, reply, nowMs);
  if (call.poolId === books.poolId) recordMembership(books, call, reply);
  for (const [queueName, status] of reply.statuses) {
    books.beliefs.learn(queueName, status, nowMs);
    if (status === 'paused') books.ledger.giveBackAhead((job) => job.queueName === queueName);
    if (status !== 'more' && status !== 'limited') books.sawNoMore(queueName);
  }
  for (const { queueName, bytes } of reply.jobs) books.hold(queueName, bytes, call.poolId, nowMs);
  books.giveBackUnwanted();
}

/** An earlier copy of the call was done, or never will be: the lists tell which of its settles are done, and what it took. */
function recordRepeat({ numbers, ledger, recovery }: FetchBooks, call: FetchCall, stored: number): void {
  numbers.spend(call.poolId, stored);
  for (const outcome of call.settles) ledger.outcomes.add(outcome);
  recovery.doubt(call.poolId);
}

/** What was gone is dropped: whoever took the entry away runs the job again. */
function recordSettles(books: FetchBooks, call: FetchCall, { gone, kept }: KnownReply, nowMs: number): void {
  const { ledger, settings } = books;
  const open = new Set<unknown>([...gone, ...kept]);
  for (const outcome of kept as readonly HeldOutcome[]) {
    outcome.refused(nowMs);
    ledger.outcomes.add(outcome);
  }
  for (const { job, settlement } of gone as readonly HeldOutcome[])
    if (settlement.kind !== 'back') settings.onLost?.(job);
  if (settings.onSettled)
    for (const outcome of call.settles) if (!open.has(outcome)) settings.onSettled(outcome.job, outcome.settlement);
}

function recordMembership(books: FetchBooks, call: FetchCall, { kind }: KnownReply): void {
  if (kind === 'ok') books.sawMember(call.sentAtMs);
  else books.fence();
}

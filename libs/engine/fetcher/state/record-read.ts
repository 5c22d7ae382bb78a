import type { ReadInProgressReply } from '#store';
import type { FetchBooks } from './fetch-books.js';
import type { ReadStep } from './next-step.js';

/** Brings the books into line with the in-progress lists of a pool id, as they were read. */
export function recordRead(books: FetchBooks, step: ReadStep, reply: ReadInProgressReply, nowMs: number): void {
  const { numbers, recovery, claims, settings } = books;
  numbers.spend(step.poolId, reply.number);
  recovery.cleared(step.poolId);
  if (!recovery.isInDoubt) claims.open();
  if (step.poolId === books.poolId && !reply.isMember) fenceAnew(books);
  for (const queueName of new Set([...reply.entries.keys(), ...books.ledger.queueNames(step.poolId)])) {
    const entries = reply.entries.get(queueName) ?? [];
    const { settled, lost, unknown } = books.ledger.reconcile(step.poolId, queueName, entries);
    for (const { job, settlement } of settled) settings.onSettled?.(job, settlement);
    for (const job of lost) settings.onLost?.(job);
    for (const bytes of unknown) books.hold(queueName, bytes, step.poolId, nowMs);
  }
  books.giveBackUnwanted();
}

/** A read that shows the fence is itself the look at what is left, unless the pool goes on under a new id. */
function fenceAnew(books: FetchBooks): void {
  if (books.isFetching) books.fence();
  else books.recovery.fenced();
}

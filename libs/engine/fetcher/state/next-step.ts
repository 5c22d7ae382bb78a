import { NO_ROOM, type FetchCall, type Room } from './fetch-call.js';
import type { FetchBooks } from './fetch-books.js';

/** What to do next. Whoever gets a step other than `wait` does it, and tells how it went, before asking again. */
export type FetchStep =
  | { readonly kind: 'settle-and-fetch'; readonly call: FetchCall }
  | ReadStep
  | { readonly kind: 'renew' }
  /** Until an event, or until then (monotonic; Infinity = an event only). */
  | { readonly kind: 'wait'; readonly untilMs: number };

export interface ReadStep {
  readonly kind: 'read';
  readonly poolId: string;
  readonly number: number;
  readonly queueNames: readonly string[];
}

export const WAIT_FOR_EVENT: FetchStep = { kind: 'wait', untilMs: Infinity };

/** What is to be done, before anything is taken out of the books for it. */
export type Decision =
  | { readonly kind: 'wait'; readonly untilMs: number }
  | { readonly kind: 'repeat'; readonly call: FetchCall }
  | { readonly kind: 'renew' }
  | { readonly kind: 'read'; readonly poolId: string }
  /** Believe that every queue has work, and decide anew. */
  | { readonly kind: 'sweep' }
  | { readonly kind: 'call'; readonly poolId: string; readonly room: Room };

const RENEW: Decision = { kind: 'renew' };
const SWEEP: Decision = { kind: 'sweep' };

/** The one place that decides whether and what to ask of Redis, from state alone, which it leaves as it is. */
export function decide(books: FetchBooks, nowMs: number): Decision {
  const { recovery, pause } = books;
  if (nowMs < pause.untilMs) return { kind: 'wait', untilMs: pause.untilMs };
  if (recovery.unanswered) return { kind: 'repeat', call: recovery.unanswered };
  if (recovery.isFenced && books.isFetching) return RENEW;
  const doubted = recovery.nextToRead;
  return doubted === undefined ? decideOfCall(books, nowMs) : { kind: 'read', poolId: doubted };
}

function decideOfCall(books: FetchBooks, nowMs: number): Decision {
  const { ledger, beliefs, poolId } = books;
  const former = ledger.outcomes.dueElsewhere(poolId, nowMs);
  if (former !== undefined) return { kind: 'call', poolId: former, room: NO_ROOM };
  const room = roomOf(books);
  if (room.free > 0 && nowMs >= beliefs.sweepAtMs) return SWEEP;
  if (ledger.outcomes.isDue(poolId, nowMs) || canAsk(books, room, nowMs)) return { kind: 'call', poolId, room };
  return { kind: 'wait', untilMs: wakeAtMs(books, room) };
}

/** Jobs already ahead take their slots first. */
function roomOf({ isFetching, ledger, freeSlots, fetchAhead }: FetchBooks): Room {
  if (!isFetching) return NO_ROOM;
  const waiting = ledger.ahead.length - freeSlots;
  if (waiting < 0) return { free: -waiting, ahead: fetchAhead.jobs };
  return { free: 0, ahead: Math.max(0, fetchAhead.jobs - waiting) };
}

function canAsk({ beliefs }: FetchBooks, room: Room, nowMs: number): boolean {
  return room.free + room.ahead > 0 && beliefs.canAsk(nowMs, room.free === 0);
}

function wakeAtMs({ ledger, beliefs, staleAtMs }: FetchBooks, room: Room): number {
  const work = room.free > 0 ? Math.min(beliefs.askableAtMs(), beliefs.sweepAtMs) : Infinity;
  return Math.min(work, staleAtMs, ledger.outcomes.dueAtMs());
}

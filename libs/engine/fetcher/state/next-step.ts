import { NO_ROOM, planCall, type CallPlan, type FetchCall, type Room } from './fetch-call.js';
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

const RENEW: FetchStep = { kind: 'renew' };
const ONLY_SETTLES: CallPlan = { wanted: 0, ahead: 0, queues: [] };

/** The one place that decides whether and what to ask of Redis, from state alone. */
export function nextStep(books: FetchBooks, nowMs: number): FetchStep {
  const { recovery, pause } = books;
  if (nowMs < pause.untilMs) return { kind: 'wait', untilMs: pause.untilMs };
  if (recovery.unanswered) return { kind: 'settle-and-fetch', call: recovery.unanswered };
  if (recovery.isFenced && books.isFetching) return RENEW;
  const doubted = recovery.nextToRead;
  return doubted === undefined ? settleAndFetch(books, nowMs) : read(books, doubted);
}

/** Claims change entries: they end first, and none begins before the reply. */
function read({ claims, numbers, beliefs }: FetchBooks, poolId: string): FetchStep {
  claims.close();
  if (!claims.isQuiet) return WAIT_FOR_EVENT;
  return { kind: 'read', poolId, number: numbers.next(poolId), queueNames: beliefs.names };
}

function settleAndFetch(books: FetchBooks, nowMs: number): FetchStep {
  const { ledger, beliefs, poolId } = books;
  const former = ledger.outcomes.dueElsewhere(poolId, nowMs);
  if (former !== undefined) return call(books, former, NO_ROOM, nowMs);
  const room = roomOf(books);
  if (room.free > 0 && nowMs >= beliefs.sweepAtMs) beliefs.sweep(nowMs);
  if (ledger.outcomes.isDue(poolId, nowMs) || canAsk(books, room, nowMs)) return call(books, poolId, room, nowMs);
  return { kind: 'wait', untilMs: wakeAtMs(books, room) };
}

function call(books: FetchBooks, poolId: string, room: Room, nowMs: number): FetchStep {
  const { ledger, beliefs, numbers, settings } = books;
  const settles = ledger.outcomes.take(poolId, nowMs);
  const asked = room.free + room.ahead > 0 ? beliefs.toAsk(nowMs, room.free === 0) : [];
  const plan = poolId === books.poolId ? planCall(room, asked, settles, ledger, beliefs) : ONLY_SETTLES;
  const seed = plan.queues.length > 1 ? Math.floor(settings.random() * 2 ** 31) : 0;
  const number = numbers.next(poolId);
  return { kind: 'settle-and-fetch', call: { ...plan, poolId, number, seed, settles, sentAtMs: nowMs } };
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

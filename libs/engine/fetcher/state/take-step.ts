import { planCall, type CallPlan, type Room } from './fetch-call.js';
import type { FetchBooks } from './fetch-books.js';
import { decide, WAIT_FOR_EVENT, type FetchStep } from './next-step.js';

const ONLY_SETTLES: CallPlan = { wanted: 0, ahead: 0, queues: [] };

/** Makes the step that is decided on, and takes out of the books what it carries. */
export function takeStep(books: FetchBooks, nowMs: number): FetchStep {
  const decision = decide(books, nowMs);
  switch (decision.kind) {
    case 'sweep':
      books.beliefs.sweep(nowMs);
      return takeStep(books, nowMs); // the next sweep is later than now
    case 'repeat':
      return { kind: 'settle-and-fetch', call: decision.call };
    case 'read':
      return read(books, decision.poolId);
    case 'call':
      return call(books, decision.poolId, decision.room, nowMs);
    case 'renew':
    case 'wait':
      return decision;
  }
}

/** Claims change entries: they end first, and none begins before the reply. */
function read({ claims, numbers, beliefs }: FetchBooks, poolId: string): FetchStep {
  claims.close();
  if (!claims.isQuiet) return WAIT_FOR_EVENT;
  return { kind: 'read', poolId, number: numbers.next(poolId), queueNames: beliefs.names };
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

import { TimeLimit } from '../background/index.js';
import type { FetchState } from './state/fetch-state.js';
import type { Pump } from './pump.js';
import type { StopTally } from './stop-tally.js';

export interface StopLimits {
  readonly gracePeriodMs: number;
  /** What all that is left to do on Redis may take when no job runs any more. It begins then. */
  readonly farewell: TimeLimit;
}

/** For handlers that end, once their signal has aborted, as it says. */
const AFTER_ABORT_MS = 2_000;

/**
 * Takes no more jobs; what is ahead goes back; running jobs get the grace period. Then their signals abort, and those that
 * have not ended 2 s later go back as they are. Resolves when Redis has confirmed all of it, or does not answer in time.
 */
export async function stopFetcher(pump: Pump, state: FetchState, limits: StopLimits): Promise<StopTally> {
  const running = state.running.size;
  const grace = new TimeLimit(limits.gracePeriodMs).begin();
  state.stopFetching();
  const areOver = () => state.running.size === 0;
  await grace.within(pump.when(areOver));
  const interrupted = state.running.size;
  if (interrupted > 0) {
    state.interruptRunning('shutdown');
    const afterAbort = new TimeLimit(AFTER_ABORT_MS).begin();
    await afterAbort.within(pump.when(areOver));
    afterAbort.end();
  }
  const abandoned = state.running.size;
  if (abandoned > 0) state.giveBackRunning();
  await settleLast(pump, state, grace, limits.farewell);
  grace.end();
  return { finished: Math.max(0, running - interrupted), interrupted, abandoned, unsettled: state.unsettled };
}

/** What is left of the grace period is for jobs that have ended: once is better than twice. */
async function settleLast(pump: Pump, state: FetchState, grace: TimeLimit, farewell: TimeLimit): Promise<void> {
  farewell.begin();
  await farewell.within(pump.when(() => state.isIdle));
  if (state.unconfirmed === 0) return;
  await grace.within(pump.when(() => state.unconfirmed === 0));
  if (state.unconfirmed === 0) farewell.begin(); // Redis is back
}

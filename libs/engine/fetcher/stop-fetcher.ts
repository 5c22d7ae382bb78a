import { clearTimeout, setTimeout } from 'node:timers';
import type { FetchState } from './state/fetch-state.js';
import type { Pump } from './pump.js';

export interface StopTally {
  /** Running jobs that ended within the grace period. */
  readonly finished: number;
  /** Running jobs whose signals were aborted. */
  readonly interrupted: number;
  /** Of these, jobs that went back to their queues while their handlers still ran. */
  readonly abandoned: number;
  /** Outcomes that Redis had not confirmed when the stop ended: other pools take these jobs over as those of a dead one. */
  readonly unsettled: number;
}

/** For handlers that end, once their signal has aborted, as it says. */
const AFTER_ABORT_MS = 2_000;
/** Where Redis does not answer, a stop ends all the same. */
const LAST_SETTLES_MS = 2_000;

/**
 * Takes no more jobs; what is ahead goes back; running jobs get the grace period. Then their signals abort, and those that
 * have not ended 2 s later go back as they are. Resolves when Redis has confirmed all of it, or does not answer for 2 s.
 */
export async function stopFetcher(pump: Pump, state: FetchState, gracePeriodMs: number): Promise<StopTally> {
  const running = state.running.size;
  state.stopFetching();
  const areOver = () => state.running.size === 0;
  await within(gracePeriodMs, pump.when(areOver));
  const interrupted = state.running.size;
  if (interrupted > 0) {
    state.interruptRunning('shutdown');
    await within(AFTER_ABORT_MS, pump.when(areOver));
  }
  const abandoned = state.running.size;
  if (abandoned > 0) state.giveBackRunning();
  await within(
    LAST_SETTLES_MS,
    pump.when(() => state.isIdle),
  );
  return { finished: Math.max(0, running - interrupted), interrupted, abandoned, unsettled: state.unsettled };
}

async function within(ms: number, promise: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, ms)));
  await Promise.race([promise, late]);
  clearTimeout(timer);
}

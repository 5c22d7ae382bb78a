import { constants } from 'node:os';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** As shells have it. */
export const exitCodeOf = (signal) => 128 + constants.signals[signal];

const end = (signal) => process.exit(exitCodeOf(signal));
let handle = end;

/** From now on a signal ends this process by way of its `exit` event, and with that what it has started. */
export function endAtSignals() {
  for (const signal of SIGNALS) process.on(signal, () => handle(signal));
}

/** While `work` goes on, signals come to `handler` instead. */
export async function handlingSignals(handler, work) {
  handle = handler;
  try {
    return await work();
  } finally {
    handle = end;
  }
}

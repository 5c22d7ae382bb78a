import { setImmediate } from 'node:timers/promises';

export interface FakeTime {
  /** Lets time pass, and whatever is due meanwhile happen, until the condition holds. */
  passUntil(what: string, condition: (passedMs: number) => boolean): Promise<void>;
  pass(milliseconds: number): Promise<void>;
}

const MAX_MS = 60_000;

/** Timers that stand still, and nothing that listens to SIGTERM, in each test of the `describe` around it. */
export function fakeTime(): FakeTime {
  let signalListeners: NodeJS.SignalsListener[];
  beforeEach(() => {
    signalListeners = process.listeners('SIGTERM');
    process.removeAllListeners('SIGTERM');
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask', 'performance', 'Date', 'hrtime'] });
  });
  afterEach(() => {
    jest.useRealTimers();
    for (const listener of signalListeners) process.on('SIGTERM', listener);
  });
  const passUntil: FakeTime['passUntil'] = async (what, condition) => {
    for (let passedMs = 0; !condition(passedMs); passedMs += 100) {
      if (passedMs > MAX_MS) throw new Error(`A minute passed in vain: ${what}`);
      await jest.advanceTimersByTimeAsync(100);
      await setImmediate();
    }
  };
  return { passUntil, pass: (milliseconds) => passUntil('time', (passedMs) => passedMs >= milliseconds) };
}

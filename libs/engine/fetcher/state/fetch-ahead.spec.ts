import { FetchAhead } from './fetch-ahead.js';
import { RetryPause } from './retry-pause.js';

const roundTrip = (ahead: FetchAhead, sentAtMs: number, repliedAtMs: number, ended: number) => {
  for (let i = 0; i < ended; i++) ahead.jobEnded();
  ahead.callSent(sentAtMs);
  ahead.replied(repliedAtMs, 10);
};

describe('FetchAhead', () => {
  it('holds about as many jobs as end during a round trip', () => {
    const ahead = new FetchAhead();
    roundTrip(ahead, 0, 1, 0);
    expect(ahead.jobs).toBe(0);
    roundTrip(ahead, 1, 2, 7);
    expect(ahead.jobs).toBe(7);
    roundTrip(ahead, 3, 4, 6);
    expect(ahead.jobs).toBe(3);
  });

  it('holds no more than there are slots', () => {
    const ahead = new FetchAhead();
    roundTrip(ahead, 0, 1, 0);
    roundTrip(ahead, 1, 2, 500);
    expect(ahead.jobs).toBe(10);
  });

  it('holds none where jobs are slow', () => {
    const ahead = new FetchAhead();
    roundTrip(ahead, 0, 1, 0);
    roundTrip(ahead, 1_000, 1_001, 2);
    expect(ahead.jobs).toBe(0);
  });
});

describe('RetryPause', () => {
  it('doubles up to a second, half of it by chance, and begins anew after a success', () => {
    const pause = new RetryPause(() => 0);
    const next = () => {
      pause.failed(0);
      return pause.untilMs;
    };
    expect([next(), next(), next()]).toEqual([10, 20, 40]);
    for (let i = 0; i < 20; i++) next();
    expect(next()).toBe(500);
    pause.end();
    expect(pause.untilMs).toBe(0);
    expect(next()).toBe(10);
  });

  it('waits longer for what does not heal by itself', () => {
    const pause = new RetryPause(() => 1);
    pause.failedFatally(0);
    expect(pause.untilMs).toBe(1_000);
    for (let i = 0; i < 20; i++) pause.failedFatally(0);
    expect(pause.untilMs).toBe(5_000);
  });
});

import { JobNotStartedError } from './job-not-started-error.js';
import { SingleLane } from './single-lane.js';

const never = new AbortController().signal;
const turn = () => new Promise(setImmediate);

describe('SingleLane', () => {
  it('lets one through at a time, in the order of coming', async () => {
    const lane = new SingleLane();
    const order: string[] = [];
    const ends = new Map<string, () => void>();
    for (const name of ['a', 'b', 'c'])
      void lane.enter(never).then((end) => {
        order.push(name);
        ends.set(name, end);
      });
    await turn();
    expect(order).toEqual(['a']);
    ends.get('a')?.();
    await turn();
    expect(order).toEqual(['a', 'b']);
    ends.get('b')?.();
    await turn();
    expect(order).toEqual(['a', 'b', 'c']);
    ends.get('c')?.();
    expect(lane.isTaken).toBe(false);
  });

  it('lets only one more through where a turn is ended twice', async () => {
    const lane = new SingleLane();
    const end = await lane.enter(never);
    const entered: string[] = [];
    void lane.enter(never).then(() => entered.push('second'));
    void lane.enter(never).then(() => entered.push('third'));
    end();
    end();
    await turn();
    expect(entered).toEqual(['second']);
  });

  it('lets go of one whose signal aborts while it waits, and the one behind it is next', async () => {
    const lane = new SingleLane();
    const end = await lane.enter(never);
    const interrupted = new AbortController();
    const given = lane.enter(interrupted.signal);
    const next = lane.enter(never);
    interrupted.abort();
    await expect(given).rejects.toThrow(JobNotStartedError);
    end();
    (await next)();
    expect(lane.isTaken).toBe(false);
  });

  it('does not let one in whose signal has aborted already', async () => {
    const lane = new SingleLane();
    await lane.enter(never);
    await expect(lane.enter(AbortSignal.abort())).rejects.toThrow(JobNotStartedError);
  });
});

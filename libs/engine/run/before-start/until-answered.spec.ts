import type { WorkRedis } from '#store';
import type { WorkEvent } from '../../events.js';
import { JobNotStartedError } from './job-not-started-error.js';
import { UntilAnswered } from './until-answered.js';

const replyError = (message: string) => Object.assign(new Error(message), { name: 'ReplyError' });
const lost = () => new Error('Connection is closed.');

function untilAnswered(redis: { status: string } = { status: 'ready' }) {
  const events: WorkEvent[] = [];
  const pauses: number[] = [];
  const asking = new UntilAnswered({
    redis: redis as WorkRedis,
    role: 'UniqueClaim',
    report: (event) => events.push(event),
    pause: async (ms) => pauses.push(ms),
  });
  return { asking, events, pauses };
}

/** Fails so often as there are errors, then answers. */
function failing(...errors: Error[]) {
  let tries = 0;
  const step = async () => {
    const error = errors[tries];
    tries += 1;
    if (error) throw error;
    return 'answer';
  };
  return { step, tries: () => tries };
}

const calm = new AbortController().signal;

describe('UntilAnswered', () => {
  it('repeats a step after lost replies and after error replies, ever more slowly up to a second', async () => {
    const { asking, pauses } = untilAnswered();
    const { step } = failing(
      ...Array.from({ length: 4 }, lost),
      ...Array.from({ length: 4 }, () => replyError('LOADING')),
    );
    expect(await asking.run(step, calm, 'when it was not applied')).toBe('answer');
    expect(pauses).toEqual([20, 40, 80, 160, 320, 640, 1000, 1000]);
  });

  it('tells an error reply once until a step has succeeded, and a lost connection never', async () => {
    const { asking, events } = untilAnswered();
    const refused = replyError('NOPERM this user has no permissions');
    await asking.run(failing(lost(), refused, refused).step, calm, 'whenever asked');
    expect(events).toEqual([{ type: 'role_failed', role: 'UniqueClaim', error: refused }]);
    await asking.run(failing(refused).step, calm, 'whenever asked');
    expect(events).toHaveLength(2);
  });

  it('goes on after an abort while nobody knows whether the step was applied', async () => {
    const { asking } = untilAnswered();
    const { step, tries } = failing(lost(), lost());
    expect(await asking.run(step, AbortSignal.abort(), 'when it was not applied')).toBe('answer');
    expect(tries()).toBe(3);
  });

  it('gives up after an abort where Redis said that the step was not applied, naming the cause', async () => {
    const { asking } = untilAnswered();
    const refused = replyError('LOADING Redis is loading the dataset in memory');
    const end = asking.run(failing(lost(), refused).step, AbortSignal.abort(), 'when it was not applied');
    await expect(end).rejects.toThrow(JobNotStartedError);
    await expect(end).rejects.toMatchObject({ cause: refused });
  });

  it('gives up a harmless step at the first error after an abort', async () => {
    const { asking } = untilAnswered();
    await expect(asking.run(failing(lost()).step, AbortSignal.abort(), 'whenever asked')).rejects.toThrow(
      JobNotStartedError,
    );
  });

  it('gives up where the connection was closed for good', async () => {
    const { asking } = untilAnswered({ status: 'end' });
    await expect(asking.run(failing(lost()).step, calm, 'when it was not applied')).rejects.toThrow(JobNotStartedError);
  });
});

import type { JobRun } from './job-run.js';
import { compose, NextCalledTooLateError, NextCalledTwiceError, type Middleware } from './middleware.js';

const run = { name: 'send_email' } as JobRun;

/** A promise and the way to settle it. */
function gate() {
  let open!: (value?: unknown) => void;
  let fail!: (error: unknown) => void;
  const promise = new Promise((resolve, reject) => {
    open = resolve;
    fail = reject;
  });
  return { promise, open, fail };
}

const later = () => new Promise<void>((resolve) => setImmediate(resolve));
const ignore = () => undefined;

describe('compose', () => {
  it('runs middleware in the order given around the handler, and hands the result through', async () => {
    const order: string[] = [];
    const noting =
      (name: string): Middleware =>
      async (_, next) => {
        order.push(`${name} in`);
        const result = await next();
        order.push(`${name} out`);
        return result;
      };
    const handler = () => (order.push('handler'), 'sent');
    expect(await compose([noting('first'), noting('second')], handler)(run)).toBe('sent');
    expect(order).toEqual(['first in', 'second in', 'handler', 'second out', 'first out']);
  });

  it('gives each middleware and the handler the same run', async () => {
    const seen: JobRun[] = [];
    await compose([(given, next) => (seen.push(given), next())], (given) => seen.push(given))(run);
    expect(seen).toEqual([run, run]);
    expect(seen[0]).toBe(run);
  });

  it('skips the rest where next is not called, and what the middleware returns is the result', async () => {
    const handler = jest.fn();
    const later = jest.fn();
    expect(await compose([() => 'skipped', later], handler)(run)).toBe('skipped');
    expect(later).not.toHaveBeenCalled();
    expect(handler).not.toHaveBeenCalled();
  });

  it("lets a middleware change the handler's result, catch its error, and throw its own", async () => {
    const fails = () => {
      throw new Error('boom');
    };
    const catching: Middleware = async (_, next) => await next().catch((error: Error) => `caught ${error.message}`);
    expect(await compose([catching], fails)(run)).toBe('caught boom');
    const replacing: Middleware = async (_, next) => {
      await next();
      throw new Error('after');
    };
    await expect(compose([replacing], () => 1)(run)).rejects.toThrow('after');
  });

  it('throws a typed error at a second next(), and the handler has run once', async () => {
    const handler = jest.fn();
    const twice: Middleware = async function twice(_, next) {
      await next();
      await next();
    };
    const end = compose([twice], handler)(run) as Promise<unknown>;
    await expect(end).rejects.toThrow(NextCalledTwiceError);
    await expect(end).rejects.toThrow(/Middleware twice called next\(\) a second time for a job "send_email"/);
    expect(handler).toHaveBeenCalledTimes(1);
  });

  it.each<[string, () => unknown]>([
    ['succeeded', ignore],
    ['failed', () => Promise.reject(new Error('gone'))],
  ])('rejects a next() that comes when its middleware has %s, and does not run the job', async (_, end) => {
    const handler = jest.fn();
    let callNext!: () => Promise<unknown>;
    const forgetful: Middleware = (_run, next) => ((callNext = next), end());
    await (compose([forgetful], handler)(run) as Promise<unknown>).catch(ignore);
    let late!: Promise<unknown>;
    expect(() => (late = callNext())).not.toThrow();
    await expect(late).rejects.toThrow(NextCalledTooLateError);
    await expect(late).rejects.toThrow(
      /Middleware forgetful called next\(\) for a job "send_email" after it had ended/,
    );
    expect(handler).not.toHaveBeenCalled();
  });

  it('waits for a handler that a middleware forgot to await', async () => {
    const work = gate();
    let isOver = false;
    const forgetful: Middleware = (_, next) => void next();
    const end = (compose([forgetful], () => work.promise)(run) as Promise<unknown>).then(() => (isOver = true));
    await new Promise(setImmediate);
    expect(isOver).toBe(false);
    work.open();
    await end;
  });

  it('fails with the error of a handler that a middleware forgot to await', async () => {
    const work = gate();
    const forgetful: Middleware = (_, next) => void next();
    const end = compose([forgetful], () => work.promise)(run);
    work.fail(new Error('boom'));
    await expect(end).rejects.toThrow('boom');
  });

  it.each<[string, Middleware]>([
    ['does not look at it', (_, next) => void next()],
    ['looks only at its success', (_, next) => void next().then(String).catch(ignore)],
    ['only cleans up after it', (_, next) => void next().finally(ignore)],
    ['only cleans up twice', (_, next) => void next().finally(ignore).finally(ignore)],
    ['goes on for long', async (_, next) => (void next(), await later())],
  ])('fails with the error of a handler that failed at once, where the middleware %s', async (_, middleware) => {
    const fails = () => {
      throw new Error('boom');
    };
    await expect(compose([middleware], fails)(run)).rejects.toThrow('boom');
  });

  it.each<[string, (rest: Promise<unknown>) => Promise<unknown>]>([
    ['one', (rest) => rest.finally(ignore)],
    ['two', (rest) => rest.finally(ignore).finally(ignore)],
  ])('takes an error for seen that is caught behind %s of finally', async (_, cleanUp) => {
    const catching: Middleware = async (_run, next) => void (await cleanUp(next()).catch(ignore));
    await expect(compose([catching], () => Promise.reject(new Error('boom')))(run)).resolves.toBeUndefined();
  });

  it('fails with the error of a finally that nobody awaited', async () => {
    const fails = () => {
      throw new Error('not cleaned up');
    };
    const cleaning: Middleware = (_, next) => void next().finally(fails);
    await expect(compose([cleaning], ignore)(run)).rejects.toThrow('not cleaned up');
  });

  it('knows an error that is caught later than it was thrown', async () => {
    const fails = () => Promise.reject(new Error('boom'));
    const late: Middleware = async (_, next) => {
      const rest = next();
      await later();
      return await rest.catch((error: Error) => `caught ${error.message}`);
    };
    expect(await compose([late], fails)(run)).toBe('caught boom');
  });

  it('ends at once where a middleware throws while the handler still runs, as a time limit does', async () => {
    const work = gate();
    const limited: Middleware = (_, next) => Promise.race([next(), Promise.reject(new Error('too long'))]);
    await expect(compose([limited], () => work.promise)(run)).rejects.toThrow('too long');
    work.fail(new Error('late, and nobody waits for it'));
    await new Promise(setImmediate); // an unhandled rejection would fail the test run here
  });
});

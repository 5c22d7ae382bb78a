import { InvalidPoolOptionError } from './pool-errors.js';
import { InvalidConnectionError } from '#store';
import { resolvePoolOptions } from './pool-options.js';

describe('resolvePoolOptions', () => {
  it('fills in what is not given', () => {
    expect(resolvePoolOptions({ namespace: 'shop' })).toMatchObject({
      concurrency: 10,
      gracePeriodMs: 25_000,
      maxBlockedMs: 120_000,
      startTimeoutMs: 10_000,
      heartbeatThread: true,
      retryUnknownJobs: false,
    });
  });

  it.each([
    ['concurrency', 0, 'a whole number from 1 to 10000'],
    ['concurrency', 1.5, 'a whole number from 1 to 10000'],
    ['gracePeriodMs', -1, 'a whole number from 0 to 3600000'],
    ['maxBlockedMs', 9_999, 'a whole number from 10000 to 86400000'],
    ['whenRedisIsDown', 'hope', `'fail' or 'wait'`],
    ['retryUnknownJobs', 'false', 'true or false'],
    ['heartbeatThread', 0, 'true or false'],
  ])('refuses %s: %p, and says what may be', (option, value, allowed) => {
    const resolve = () => resolvePoolOptions({ namespace: 'shop', [option]: value });
    expect(resolve).toThrow(InvalidPoolOptionError);
    expect(resolve).toThrow(`${option} must be ${allowed}, not ${JSON.stringify(value)}.`);
  });

  it.each(['localhost:6379', 'http://127.0.0.1', 6379, { keyPrefix: 'x' }])(
    'refuses the connection %j',
    (connection) => {
      const resolve = () => resolvePoolOptions({ namespace: 'shop', connection: connection as never });
      expect(resolve).toThrow(InvalidConnectionError);
    },
  );
});

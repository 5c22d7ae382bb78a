import { InvalidOptionError } from '../errors/index.js';
import { resolveWorkOptions } from './resolved-work-options.js';
import type { WorkModuleOptions } from './work-module-options.js';

const withOption = (option: object) => ({ namespace: 'shop', ...option }) as WorkModuleOptions;

describe('The options of a WorkModule', () => {
  it('are filled in and frozen', () => {
    const options = resolveWorkOptions({ namespace: 'shop' });
    expect(options).toEqual({
      namespace: 'shop',
      connection: undefined,
      worker: true,
      concurrency: 10,
      enqueueTimeoutMs: 5_000,
      gracePeriodMs: 25_000,
      maxBlockedMs: 120_000,
      retryUnknownJobs: false,
      whenRedisIsDown: 'fail',
      validation: {},
      middleware: [],
      appWideEnhancers: false,
      jobs: {},
      knownJobs: [],
      jsonEscapes: undefined,
    });
    expect(Object.isFrozen(options)).toBe(true);
  });

  it('take every value that is given, also false and 0', () => {
    const given = { worker: false, gracePeriodMs: 0, validation: false as const, jobs: { send: { maxFails: 1 } } };
    expect(resolveWorkOptions(withOption(given))).toMatchObject(given);
  });

  it.each([
    ['namespace', { namespace: '' }],
    ['namespace', { namespace: undefined }],
    ['connection', { connection: 7 }],
    ['worker', { worker: 'false' }],
    ['concurrency', { concurrency: 0 }],
    ['concurrency', { concurrency: '10' }],
    ['concurrency', { concurrency: 10_001 }],
    ['enqueueTimeoutMs', { enqueueTimeoutMs: 99 }],
    ['gracePeriodMs', { gracePeriodMs: 1.5 }],
    ['whenRedisIsDown', { whenRedisIsDown: 'retry' }],
    ['validation', { validation: true }],
    ['validation', { validation: { exceptionFactory: () => new Error() } }],
    ['validation.whitelst', { validation: { whitelst: true } }],
    ['validation.transformOptions.strategie', { validation: { transformOptions: { strategie: 'exposeAll' } } }],
    ['middleware', { middleware: ['Timed'] }],
    ['appWideEnhancers', { appWideEnhancers: null }],
    ['jobs', { jobs: [] }],
    ['jobs', { jobs: { send: 5 } }],
    ['jobs.send.maxFail', { jobs: { send: { maxFail: 5 } } }],
    ['jsonEscapes', { jsonEscapes: 'go2' }],
    ['concurency', { concurency: 5 }],
  ])('are refused by name: %s in %j', (option, given) => {
    const refused = () => resolveWorkOptions(withOption(given));
    expect(refused).toThrow(InvalidOptionError);
    expect(refused).toThrow(`"${option}"`);
  });

  it('that do not exist are refused with the one that is likely meant, or those that there are', () => {
    const refusing = (option: object) => () => resolveWorkOptions(withOption(option));
    expect(refusing({ concurency: 5 })).toThrow(
      'WorkModule option "concurency" does not exist; did you mean "concurrency"?',
    );
    expect(refusing({ jobs: { send: { maxFail: 5 } } })).toThrow(
      'WorkModule option "jobs.send.maxFail" does not exist; did you mean "maxFails"?',
    );
    expect(refusing({ validation: { whitelst: true } })).toThrow(
      'WorkModule option "validation.whitelst" does not exist; did you mean "whitelist"?',
    );
    expect(refusing({ retries: 5 })).toThrow(
      /^WorkModule option "retries" does not exist; there are namespace, connection, .*\.$/,
    );
  });

  it('take whatever class-validator and class-transformer know', () => {
    const validation = { groups: ['a'], stopAtFirstError: true, transformOptions: { strategy: 'exposeAll' as const } };
    expect(resolveWorkOptions(withOption({ validation })).validation).toEqual(validation);
  });

  it('must be there', () => {
    expect(() => resolveWorkOptions(undefined as unknown as WorkModuleOptions)).toThrow(
      /^WorkModule options are undefined, and must be an object .*factory return it\?$/,
    );
    expect(() => resolveWorkOptions(undefined as unknown as WorkModuleOptions)).toThrow(/at least a namespace/);
  });
});

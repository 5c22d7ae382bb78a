import { Connections, InvalidEngineOptionError, WorkerPool } from '#engine';
import { resolveWorkOptions, RULES } from '../options/resolved-work-options.js';
import { workerPoolOf } from './worker-pool-of.js';

/** No option takes it, so that each is refused wherever it arrives. */
const wrong = Symbol('wrong') as never;

const refusalOf = (make: () => unknown): unknown => {
  try {
    return make();
  } catch (error) {
    return error;
  }
};

/** Those that the engine does not know are of the module alone; where Redis is comes to a pool as the instance's connections. */
const optionsOfPool = Object.keys(RULES).filter(
  (option) =>
    option !== 'connection' &&
    !(refusalOf(() => new WorkerPool({ namespace: 'shop', [option]: wrong })) instanceof InvalidEngineOptionError),
);

describe('The pool of an instance', () => {
  it('has options of its own among those of the module', () => {
    expect(optionsOfPool).toEqual(
      expect.arrayContaining(['namespace', 'concurrency', 'gracePeriodMs', 'maxBlockedMs']),
    );
    expect(optionsOfPool).not.toContain('worker');
  });

  it.each(optionsOfPool)('is given %s', (option) => {
    const options = { ...resolveWorkOptions({ namespace: 'shop' }), [option]: wrong };
    const parts = { options, connections: new Connections(), report: () => {} };
    expect(() => workerPoolOf(parts as never)).toThrow(new RegExp(option, 'i'));
  });
});

import { InvalidNamespaceError } from './invalid-namespace-error.js';
import { Keyspace } from './keyspace.js';

describe('Keyspace', () => {
  it("names gocraft/work's keys", () => {
    const keys = new Keyspace('w');
    expect([keys.knownJobs, keys.scheduled, keys.retry, keys.dead, keys.workerPools, keys.lastPeriodicEnqueue]).toEqual(
      ['w:known_jobs', 'w:scheduled', 'w:retry', 'w:dead', 'w:worker_pools', 'w:last_periodic_enqueue'],
    );
    expect([keys.heartbeat('p'), keys.observation('o'), keys.uniquePrefix('j')]).toEqual([
      'w:worker_pools:p',
      'w:worker:o',
      'w:unique:j:',
    ]);
  });

  it('takes job names as they are', () => {
    const keys = new Keyspace('w');
    const name = 'has:colon <&> é';
    expect(keys.queue(name)).toBe('w:jobs:has:colon <&> é');
    expect([
      keys.inProgress('j', 'p'),
      keys.paused('j'),
      keys.lock('j'),
      keys.lockInfo('j'),
      keys.maxConcurrency('j'),
    ]).toEqual([
      'w:jobs:j:p:inprogress',
      'w:jobs:j:paused',
      'w:jobs:j:lock',
      'w:jobs:j:lock_info',
      'w:jobs:j:max_concurrency',
    ]);
  });

  it.each([
    ['w:', 'w:jobs:j'],
    ['a:b', 'a:b:jobs:j'],
    ['{tag}', '{tag}:jobs:j'],
    ['{app:0}:', '{app:0}:jobs:j'],
  ])('puts namespace %j before keys as gocraft/work does', (namespace, queue) => {
    expect(new Keyspace(namespace).queue('j')).toBe(queue);
  });

  it('keeps every key that Go does not know below one prefix, and no two of them are the same', () => {
    const { ext } = new Keyspace('w');
    const fixed = [ext.pools, ext.reaping, ext.quarantine, ext.limits, ext.scratch];
    const ofOne = [
      ext.call('1'),
      ext.suspect('1'),
      ext.attempts('1'),
      ext.producer('1'),
      ext.wake('1'),
      ext.fired('1'),
    ];
    const keys = [...fixed, ...ofOne];
    expect(keys.filter((key) => !key.startsWith('w:ext:'))).toEqual([]);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it.each(['', 'a\nb', 'a\u0000', '\u007f', 'x'.repeat(129), undefined, null, 7])(
    'refuses namespace %j',
    (namespace) => {
      expect(() => new Keyspace(namespace as string)).toThrow(InvalidNamespaceError);
    },
  );

  it('takes a namespace of 128 characters', () => {
    expect(new Keyspace('x'.repeat(128)).prefix).toHaveLength(129);
  });
});

import { describeRedis, testRedis, type TestRedis } from '../../../test/support/index.js';
import { removeEntries } from './remove-entries.js';

describeRedis('removeEntries', () => {
  let test: TestRedis;
  beforeEach(() => void (test = testRedis()));
  afterEach(() => test.close());

  const byText = (a = '', b = '') => a.localeCompare(b);
  const entry = (bytes: string, ...uniqueKeys: string[]) => ({
    bytes: Buffer.from(bytes),
    uniqueKeys: uniqueKeys.map((name) => `${test.namespace}:${name}`),
  });
  const keysLeft = async () =>
    (await test.redis.keys(`${test.namespace}:key*`)).map((key) => key.split(':')[1]).toSorted(byText);

  it.each(['list', 'set'])('removes entries of a %s, and deletes the keys of those that were there', async (kind) => {
    const key = `${test.namespace}:jobs`;
    if (kind === 'list') await test.redis.rpush(key, 'a', 'b', 'c', 'c');
    else await test.redis.zadd(key, 1, 'a', 2, 'b', 3, 'c');
    for (const n of [1, 2, 3, 4]) await test.redis.set(`${test.namespace}:key${n}`, '1');
    const removed = await removeEntries(test.redis, test.keyspace, key, [
      entry('a', 'key1', 'key2'),
      entry('gone', 'key3'),
      entry('c', 'key4'),
    ]);
    expect([removed, await keysLeft()]).toEqual([2, ['key3']]);
    const left = kind === 'list' ? await test.redis.lrange(key, 0, '-1') : await test.redis.zrange(key, 0, '-1');
    expect(left).toEqual(kind === 'list' ? ['b', 'c'] : ['b']);
  });

  it('marks a tick that it removed as fired, and no other', async () => {
    const { scheduled, ext } = test.keyspace;
    await test.redis.zadd(scheduled, 7, 'tick', 8, 'other');
    const tick = (bytes: string, tickId: string) => ({ ...entry(bytes, 'key1'), tickId });
    await test.redis.set(`${test.namespace}:key1`, '1');
    expect(
      await removeEntries(test.redis, test.keyspace, scheduled, [entry('other'), tick('tick', '7'), tick('gone', '9')]),
    ).toBe(2);
    expect(await test.redis.ttl(ext.fired('7'))).toBeGreaterThan(3_500);
    expect(await test.redis.exists(ext.fired('9'))).toBe(0);
    expect(await keysLeft()).toEqual([]);
  });
});

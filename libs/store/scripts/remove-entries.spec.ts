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
    const removed = await removeEntries(test.redis, key, [
      entry('a', 'key1', 'key2'),
      entry('gone', 'key3'),
      entry('c', 'key4'),
    ]);
    expect([removed, await keysLeft()]).toEqual([2, ['key3']]);
    const left = kind === 'list' ? await test.redis.lrange(key, 0, '-1') : await test.redis.zrange(key, 0, '-1');
    expect(left).toEqual(kind === 'list' ? ['b', 'c'] : ['b']);
  });
});

import { describeRedis, testRedis, type TestRedis } from '../../test/support/index.js';
import { Script } from './script.js';

describeRedis('Script', () => {
  let test: TestRedis;
  beforeEach(() => void (test = testRedis()));
  afterEach(() => test.close());

  it('runs where Redis has never seen it, and again after SCRIPT FLUSH', async () => {
    const script = new Script(`return { ARGV[1], 7, '${test.namespace}' }`);
    const bytes = Buffer.from([0xff, 0x00, 0x41]);
    expect(await script.run(test.redis, [], [bytes])).toEqual([bytes, 7, Buffer.from(test.namespace)]);
    await test.redis.script('FLUSH');
    expect(await script.run(test.redis, [], [bytes])).toEqual([bytes, 7, Buffer.from(test.namespace)]);
  });
});

import { Client, RedisLostError, RedisRefusedError } from '#engine';
import { describeRedis, ownRedis, testRedis } from '../../support/index.js';

describeRedis('A client', () => {
  const redis = testRedis();
  afterAll(() => redis.close());

  const told = async (call: () => Promise<unknown>): Promise<Error> => {
    const error: unknown = await call().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Error);
    return error as Error;
  };

  it('whose Redis is not there says so, with host and port, whatever it is asked', async () => {
    const server = await ownRedis();
    await server.kill();
    const client = new Client({ namespace: 'shop', connection: server.url });
    const target = new URL(server.url).host;
    const calls = [() => client.queues(), () => client.retryDeadJob(1, 'a'), () => client.pause('mail')];
    for (const call of calls) {
      const error = await told(call);
      expect(error).toBeInstanceOf(RedisLostError);
      expect(error.message).toMatch(
        new RegExp(`^Redis at ${target} is lost: .*ECONNREFUSED.*ask again when it is back`),
      );
    }
    await client.close();
  });

  it('that was closed says so', async () => {
    const client = new Client({ namespace: redis.namespace, connection: redis.url });
    await client.queues();
    await client.close();
    expect(await told(() => client.queues())).toBeInstanceOf(RedisLostError);
  });

  it('that Redis refuses an answer tells what Redis said, and where', async () => {
    const client = new Client({ namespace: redis.namespace, connection: redis.url });
    await redis.redis.set(redis.keyspace.ext.attempts('a'), 'no list');
    const error = await told(() => client.attempts('a'));
    expect(error).toBeInstanceOf(RedisRefusedError);
    expect(error.message).toContain('refused this call: WRONGTYPE');
    await client.close();
  });
});

import { Client, Enqueuer, WorkerPool } from '../../libs/engine/public.js';
import { describeRedis, testRedis, waitFor, type TestRedis } from '../support/index.js';

describeRedis('Without Nest, a connection of their own', () => {
  let test: TestRedis;
  beforeEach(() => void (test = testRedis()));
  afterEach(() => test.close());

  const names = async () => (await test.redis.client('LIST')) as string;
  const place = () => {
    const { hostname, port } = new URL(test.url);
    return {
      namespace: test.namespace,
      connection: { host: hostname, port: Number(port), connectionName: test.namespace },
    };
  };

  it('is opened by an Enqueuer and a Client, and closed with them', async () => {
    const enqueuer = new Enqueuer(place());
    const client = new Client(place());
    const { id } = await enqueuer.enqueue('mail', { to: 'ada@example.org' });
    expect(await client.waitingJobs('mail')).toMatchObject({ count: 1, jobs: [{ job: { id } }] });
    expect((await names()).split(`name=${test.namespace}`)).toHaveLength(3);
    await enqueuer.close();
    await client.close();
    await waitFor('both connections to be closed', async () => !(await names()).includes(`name=${test.namespace}`));
    await expect(enqueuer.enqueue('mail', null)).rejects.toMatchObject({ code: 'WORK_ENQUEUER_CLOSED' });
  });

  it('is left open where it was given', async () => {
    const enqueuer = new Enqueuer({ redis: test.redis, keyspace: test.keyspace });
    await enqueuer.enqueue('mail', null);
    await enqueuer.close();
    await new Client({ redis: test.redis, keyspace: test.keyspace }).close();
    expect(await test.redis.ping()).toBe('PONG');
  });
});

describe('What an engine is constructed with', () => {
  it.each([
    ['Enqueuer', (options: never) => new Enqueuer(options)],
    ['Client', (options: never) => new Client(options)],
    ['WorkerPool', (options: never) => new WorkerPool(options)],
  ])('%s: is refused by name where there is no such option', (owner, make) => {
    const wrong = (options: unknown) => () => make(options as never);
    expect(wrong({ namespace: 'shop', conection: 'redis://h' })).toThrow(
      `${owner}: option "conection" does not exist; did you mean "connection"?`,
    );
    expect(wrong(undefined)).toThrow(`${owner}: its options are undefined. Give an object with a namespace.`);
    for (const options of [{ namespace: 'shop', conection: 1 }, undefined, null, 'redis://h', {}, { namespace: 5 }])
      expect(wrong(options)).toThrow(expect.objectContaining({ code: expect.stringMatching(/^WORK_/) as string }));
  });

  it('is one of two ways to name a connection', () => {
    const both = { namespace: 'shop', redis: {}, keyspace: {} };
    expect(() => new Enqueuer(both as never)).toThrow(
      /^Enqueuer: give either namespace and connection, or redis and keyspace/,
    );
    expect(() => new Client({ redis: {} } as never)).toThrow(/^Client: give either/);
  });

  it.each([0, Infinity, '5s', NaN])('has no timeoutMs of %p', (timeoutMs) => {
    expect(() => new Enqueuer({ namespace: 'shop', timeoutMs: timeoutMs as number })).toThrow(
      /^Enqueuer: timeoutMs is /,
    );
  });
});

import {
  Client,
  ClientClosedError,
  Connections,
  RedisLostError,
  RedisRefusedError,
  type ConnectionSpec,
} from '#engine';
import { Redis } from 'ioredis';
import { describeRedis, disconnect, ownRedis, testRedis, waitFor } from '../../support/index.js';

/** As each call of a client behaves: reading, changing, with the time and without. */
const CALLS: readonly ((client: Client) => Promise<unknown>)[] = [
  (client) => client.queues(),
  (client) => client.retryDeadJob(1, 'a'),
  (client) => client.pause('mail'),
];

async function told(call: Promise<unknown>): Promise<Error> {
  const error: unknown = await call.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(Error);
  return error as Error;
}

/** Where nobody listens: a server was there, and is no more. */
async function closedPort(): Promise<number> {
  const server = await ownRedis();
  await server.kill();
  return server.port;
}

describeRedis('A client', () => {
  const redis = testRedis();
  afterAll(() => redis.close());

  const clientHere = () => new Client({ namespace: redis.namespace, connection: redis.url });

  interface Place {
    readonly connection: (host: string, port: number) => ConnectionSpec;
    readonly says: string;
  }

  describe.each<[string, Place]>([
    ['Redis', { connection: (host, port) => ({ host, port }), says: 'HERE is lost: connect ECONNREFUSED' }],
    [
      'Cluster',
      {
        connection: (host, port) => ({ nodes: [{ host, port }] }),
        says: 'Cluster HERE is lost: Connection is closed',
      },
    ],
    [
      'Sentinel',
      {
        connection: (host, port) => ({ sentinels: [{ host, port }], name: 'main' }),
        says: 'Sentinel main of HERE is lost: All sentinels are unreachable',
      },
    ],
  ])('whose %s is not there', (_, { connection, says }) => {
    const nowhere = async () => {
      const port = await closedPort();
      const client = new Client({ namespace: '{shop}', connection: connection('127.0.0.1', port) });
      return { client, text: `Redis at ${says.replace('HERE', `127.0.0.1:${port}`)}` };
    };

    it('says so, and where, whatever it is asked and however often', async () => {
      const { client, text } = await nowhere();
      for (const call of [...CALLS, ...CALLS]) {
        const error = await told(call(client));
        expect(error).toBeInstanceOf(RedisLostError);
        expect(error.message.slice(0, text.length)).toBe(text);
      }
      await client.close();
      for (const call of CALLS) expect(await told(call(client))).toBeInstanceOf(ClientClosedError);
    });

    it('ends what it was asked when it is closed meanwhile', async () => {
      const { client } = await nowhere();
      await told(client.queues());
      const calls = CALLS.map((call) => told(call(client)));
      await client.close();
      for (const error of await Promise.all(calls)) expect(error).toBeInstanceOf(ClientClosedError);
    });
  });

  it('says of a connection that breaks that a change may be made, whatever that connection would do next', async () => {
    const server = await ownRedis();
    const given = new Redis(server.url, { maxRetriesPerRequest: null, autoResendUnfulfilledCommands: false });
    given.on('error', () => {});
    const client = new Client({ redis: given, keyspace: redis.keyspace });
    await client.queues();
    server.freeze();
    const call = told(client.pause('mail', { mayBeUnknown: true }));
    await server.kill();
    const error = await call;
    expect(error).toBeInstanceOf(RedisLostError);
    expect(error.message).toMatch(
      /Ask again when it is back\. What was to be changed may be changed or not, and nothing is done twice by asking again\.$/,
    );
    await disconnect(given);
  });

  describe('that was closed', () => {
    it('says so, and asks nothing', async () => {
      const client = clientHere();
      await client.queues();
      await client.close();
      const error = await told(client.pause('mail', { mayBeUnknown: true }));
      expect(error).toBeInstanceOf(ClientClosedError);
      expect(error.message).toBe(
        'The client is closed, and nothing was asked of Redis. Ask before the application has shut down, or make another client.',
      );
      expect(await redis.redis.exists(redis.keyspace.paused('mail'))).toBe(0);
    });

    it('says so of what was under way', async () => {
      const client = clientHere();
      await client.queues();
      const call = told(client.pause('mail', { mayBeUnknown: true }));
      await client.close();
      const error = await call;
      expect(error).toBeInstanceOf(ClientClosedError);
      expect(error.message).toMatch(
        /^The client was closed before Redis answered: what it was to change is changed or not\./,
      );
    });

    it('says so where its connection was closed by who gave it', async () => {
      const connections = new Connections(redis.url);
      const given = connections.open('commands');
      const client = new Client({ redis: given, keyspace: redis.keyspace });
      await client.queues();
      connections.close();
      expect(await told(client.queues())).toBeInstanceOf(ClientClosedError);
      await waitFor('its end', () => given.status === 'end');
      expect((await told(client.queues())).message).toMatch(/^The client is closed/);
    });
  });

  it('that Redis refuses an answer tells what Redis said, and where', async () => {
    const client = clientHere();
    await redis.redis.set(redis.keyspace.ext.attempts('a'), 'no list');
    const error = await told(client.attempts('a'));
    expect(error).toBeInstanceOf(RedisRefusedError);
    expect(error.message).toContain('refused this call: WRONGTYPE');
    await client.close();
  });

  it('that Redis does not let in says so', async () => {
    const { hostname, port } = new URL(redis.url);
    const connection = { host: hostname, port: Number(port), username: 'nobody', password: 'wrong' };
    const client = new Client({ namespace: redis.namespace, connection });
    const error = await told(client.queues());
    expect(error).toBeInstanceOf(RedisRefusedError);
    expect(error.message).toMatch(/refused the connection: WRONGPASS.*Correct user and password/);
    await client.close();
  });

  it('whose Redis hangs says so, and works on when that is over', async () => {
    const server = await ownRedis();
    const client = new Client({ namespace: 'shop', connection: server.url });
    await client.queues();
    server.freeze();
    const error = await told(client.queues());
    expect(error).toBeInstanceOf(RedisLostError);
    expect(error.message).toMatch(
      `Redis at 127.0.0.1:${server.port} is lost: it answered nothing for 5000 ms. Ask again`,
    );
    expect(await told(client.pause('mail'))).toBeInstanceOf(RedisLostError);
    server.thaw();
    await waitFor('Redis', () => client.queues().catch(() => undefined));
    await client.close();
    await server.kill();
  }, 60_000);
});

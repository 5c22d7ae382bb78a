import { Redis } from 'ioredis';
import { describeRedis, ownRedis, testRedis, type TestRedis, waitFor } from '../../../test/support/index.js';
import { Connections } from './connections.js';
import { InvalidConnectionError, RedisRefusedError, RedisUnreachableError } from './connection-errors.js';
import type { ConnectionSpec } from './connection-spec.js';
import { isPlainData } from './plain-options.js';
import { optionsFromUrl } from './redis-url.js';
import { optionsOfRole, reconnectDelayMs } from './redis-options.js';
import { targetOf } from './redis-target.js';

describeRedis('Connections', () => {
  let test: TestRedis;
  beforeEach(() => void (test = testRedis()));
  afterEach(() => test.close());

  it('opens a connection that answers, and closes what it opened', async () => {
    const connections = new Connections(test.url);
    const redis = connections.open('commands');
    await connections.answered(redis, 5_000);
    connections.close();
    await waitFor('the connection to end', () => redis.status === 'end');
  });

  it('connects producers and commands when they are first used, all others at once', async () => {
    const connections = new Connections(test.url);
    const [commands, enqueue, fetch] = (['commands', 'enqueue', 'fetch'] as const).map((role) =>
      connections.open(role),
    );
    expect([commands!.status, enqueue!.status]).toEqual(['wait', 'wait']);
    expect(fetch!.status).not.toBe('wait');
    await commands!.ping();
    connections.close();
  });

  it('tells no loss of a connection that is discarded', async () => {
    const told: string[] = [];
    const connections = new Connections(test.url, { onLost: () => told.push('lost'), onBack: () => told.push('back') });
    const redis = connections.open('fetch');
    await connections.answered(redis, 5_000);
    const ended = new Promise((resolve) => redis.once('end', resolve));
    connections.discard(redis);
    await ended;
    expect(told).toEqual([]);
    connections.close();
  });

  it('tells the return where another connection takes the place of the lost one', async () => {
    const told: string[] = [];
    const connections = new Connections(test.url, { onLost: () => told.push('lost'), onBack: () => told.push('back') });
    const redis = connections.open('fetch');
    await connections.answered(redis, 5_000);
    const closed = new Promise((resolve) => redis.once('close', resolve));
    await test.redis.call('CLIENT', 'KILL', 'ID', String(await redis.call('CLIENT', 'ID')));
    await closed;
    connections.discard(redis);
    expect(told).toEqual(['lost']);
    await connections.answered(connections.open('fetch'), 5_000);
    expect(told).toEqual(['lost', 'back']);
    connections.close();
  });

  it('tells the loss and the return of connections that others are added to once, whichever of them stay', async () => {
    const server = await ownRedis();
    const told: string[] = [];
    const note = (who: string) => ({ onLost: () => told.push(`${who} lost`), onBack: () => told.push(`${who} back`) });
    const connections = new Connections(server.url, note('first'));
    const added = new Connections(connections, note('added'));
    const [stays, ends] = [connections.open('fetch'), added.open('fetch')];
    for (const redis of [stays, ends]) await connections.answered(redis, 5_000);
    await server.kill();
    await waitFor('both to be lost', () => [stays, ends].every(({ status }) => status !== 'ready'));
    added.close();
    await server.start();
    await waitFor('the return', () => told.includes('first back'));
    expect(told).toEqual(['first lost', 'added lost', 'first back']);
    await server.kill();
    await waitFor('the next loss', () => told.length > 3);
    expect(told.slice(3)).toEqual(['first lost']);
    connections.close();
  });

  it('says with host and port that nobody answers, and names what to do', async () => {
    const connections = new Connections('redis://127.0.0.1:1');
    const redis = connections.open('commands');
    const error = await connections.answered(redis, 50).catch((thrown: unknown) => thrown);
    connections.close();
    expect(error).toBeInstanceOf(RedisUnreachableError);
    expect((error as Error).message).toMatch(/127\.0\.0\.1:1 .*ECONNREFUSED.*whenRedisIsDown/);
  });

  it('closes a connection that never was one, and what is queued on it fails', async () => {
    const connections = new Connections('redis://127.0.0.1:1');
    const redis = connections.open('commands');
    const queued = redis.ping().catch((error: unknown) => error);
    await waitFor('the first try to fail', () => redis.status === 'reconnecting');
    connections.close();
    expect(await queued).toBeInstanceOf(Error);
    await waitFor('the connection to end', () => redis.status === 'end');
  });

  it('fails what was sent and not answered when a connection breaks', async () => {
    const own = await ownRedis();
    const connections = new Connections(own.url);
    const redis = connections.open('commands');
    await connections.answered(redis, 5_000);
    own.freeze();
    const sent = redis.ping().catch((error: unknown) => error);
    await own.kill();
    expect(await sent).toBeInstanceOf(Error);
    connections.close();
  });

  it('never goes on in database 0 where the one asked for is refused', async () => {
    const connections = new Connections(`${test.url}/9999`);
    const redis = connections.open('commands');
    const ready = jest.fn();
    redis.on('ready', ready);
    const error = await connections.answered(redis, Infinity).catch((thrown: unknown) => thrown);
    connections.close();
    expect(error).toBeInstanceOf(RedisRefusedError);
    expect((error as Error).message).toMatch(/DB index is out of range\. Correct the database of "connection"\.$/);
    expect(ready).not.toHaveBeenCalled();
  });

  it('ends the wait for an answer when it is abandoned', async () => {
    const connections = new Connections('redis://127.0.0.1:1');
    const abandoned = new AbortController();
    const waiting = connections.answered(connections.open('commands'), Infinity, abandoned.signal);
    abandoned.abort(new Error('not wanted any more'));
    await expect(waiting).rejects.toThrow('not wanted any more');
    connections.close();
  });

  it('tells one loss and one return for all connections together', async () => {
    const told: string[] = [];
    const connections = new Connections(test.url, { onLost: () => told.push('lost'), onBack: () => told.push('back') });
    const opened = [connections.open('commands'), connections.open('enqueue')];
    for (const redis of opened) await connections.answered(redis, 5_000);
    const ids = await Promise.all(opened.map((redis) => redis.call('CLIENT', 'ID')));
    for (const id of ids) await test.redis.call('CLIENT', 'KILL', 'ID', String(id));
    await waitFor('both directions', () => told.includes('back'));
    for (const redis of opened) await connections.answered(redis, 5_000);
    expect(told.filter((word) => word === 'lost').length).toBe(told.filter((word) => word === 'back').length);
    expect(told[0]).toBe('lost');
    connections.close();
  });

  it('refuses keyPrefix, which would write other keys, and names "namespace"', () => {
    expect(() => new Connections({ keyPrefix: 'x:' })).toThrow(InvalidConnectionError);
    expect(() => new Connections({ nodes: [6379], options: { redisOptions: { keyPrefix: 'x' } } })).toThrow(
      /namespace/,
    );
  });

  it.each<[unknown, RegExp]>([
    [null, /^"connection" must be a URL, ioredis options, .* not null\.$/],
    [42, /not a value of type number\.$/],
    [['redis://127.0.0.1:6379'], /not an array\.$/],
    [new Redis({ lazyConnect: true }), /is a connection that is open.*Give a function/],
  ])('refuses %p as a connection, and says what is expected', (spec, message) => {
    const make = () => new Connections(spec as ConnectionSpec);
    expect(make).toThrow(InvalidConnectionError);
    expect(make).toThrow(message);
  });

  it('refuses a function that is async, and closes what it made', async () => {
    const made = new Redis(test.url, { lazyConnect: true });
    await made.ping();
    const connections = new Connections((() => Promise.resolve(made)) as unknown as ConnectionSpec);
    expect(() => connections.open('fetch')).toThrow(InvalidConnectionError);
    expect(() => connections.open('fetch')).toThrow(/returned a promise for the role "fetch"\. It must not be async/);
    await waitFor('the connection to end', () => made.status === 'end');
  });

  it('refuses a function that returns nothing', () => {
    const connections = new Connections((() => undefined) as unknown as ConnectionSpec);
    expect(() => connections.open('beat')).toThrow(/returned undefined for the role "beat"/);
  });

  it('names the server without its password', () => {
    expect(new Connections('redis://me:secret@example.test:7000/2').target).toBe('example.test:7000');
    expect(new Connections({ nodes: ['redis://me:secret@one.test:1'] }).target).not.toContain('secret');
    expect(targetOf(new Redis('redis://me:secret@example.test:7000', { lazyConnect: true }))).toBe('example.test:7000');
    const sentinels = [{ host: 's1', port: 26379 }];
    expect(targetOf(new Redis({ sentinels, name: 'mymaster', lazyConnect: true }))).toBe(
      'Sentinel mymaster of s1:26379',
    );
  });

  it('hands plain options to a thread, and nothing where they hold a function', () => {
    expect(new Connections('redis://h:1').plainOptions('beat')).toMatchObject({ host: 'h', port: 1 });
    const named = new Connections({ host: 'h', connectionName: 'mine' });
    expect(named.plainOptions('beat')).toMatchObject({ connectionName: 'mine' });
    expect(new Connections({ host: 'h', retryStrategy: () => 1 }).plainOptions('beat')).toBeUndefined();
    expect(new Connections(() => test.redis).plainOptions('beat')).toBeUndefined();
    expect(isPlainData({ tls: { ca: Buffer.from('x') }, list: [1, 'a', null] })).toBe(true);
  });
});

describe('optionsFromUrl', () => {
  it('reads user, password, database, TLS and sockets', () => {
    expect(optionsFromUrl('rediss://u%40:p%3A@[::1]:7000/3')).toEqual({
      host: '::1',
      port: 7000,
      tls: {},
      username: 'u@',
      password: 'p:',
      db: 3,
    });
    expect(optionsFromUrl('unix:///run/redis.sock?db=1')).toEqual({ path: '/run/redis.sock', db: 1 });
  });

  it.each(['', 'localhost', 'http://h', '127.0.0.1:6379', 'redis://h/zero'])(
    'refuses %j without repeating it, as it may hold a password',
    (text) => {
      expect(() => optionsFromUrl(text)).toThrow(InvalidConnectionError);
    },
  );
});

describe('The refusal of a connection URL', () => {
  it.each(['redis://127.0.0.1:99999', 'rediss://u:p%40ss@[::1]:99999/3', 'redis://u:secret@h:port', 'redis://h:6379x'])(
    'says of %j that its port is wrong',
    (text) => {
      expect(() => optionsFromUrl(text)).toThrow(
        /^The port of the connection URL must be a whole number from 0 to 65535/,
      );
    },
  );

  it('says how one begins where that is what is wrong', () => {
    expect(() => optionsFromUrl('127.0.0.1:99999')).toThrow(/must begin with redis:/);
  });
});

describe('optionsOfRole', () => {
  it('never lets ioredis resend, and never gives up, whatever the user asks', () => {
    const options = optionsOfRole('fetch', {
      autoResendUnfulfilledCommands: true,
      retryStrategy: () => null,
      maxRetriesPerRequest: 1,
    });
    expect(options).toMatchObject({
      autoResendUnfulfilledCommands: false,
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
    });
    expect(options.retryStrategy?.(3)).toBeGreaterThan(0);
  });

  it('waits longer from try to try, up to 2 s', () => {
    expect(reconnectDelayMs(1, () => 0)).toBe(25);
    expect(reconnectDelayMs(1, () => 1)).toBe(50);
    expect(reconnectDelayMs(99, () => 1)).toBe(2_000);
  });
});

import { Redis } from 'ioredis';
import { Waker, type WakerListener, type WakerOptions } from '../../../libs/engine/waker/waker.js';
import type { WorkEvent } from '#engine';
import { Connections, type ConnectionRole } from '#store';
import { describeRedis, testRedis, waitFor, type TestRedis } from '../../support/index.js';

describeRedis('Waker', () => {
  let test: TestRedis;
  let connections: Connections;
  let waker: Waker;
  let events: WorkEvent[];
  let told: string[];

  const listener: WakerListener = {
    onQueue: (jobName) => told.push(jobName),
    onWaitingSet: (set) => told.push(`<${set}>`),
    onEverything: () => told.push('<everything>'),
  };

  async function start(spec: ConstructorParameters<typeof Connections>[0] = test.url, more?: Partial<WakerOptions>) {
    connections = new Connections(spec);
    waker = new Waker({ connections, keyspace: test.keyspace, report: (event) => events.push(event), ...more });
    waker.listen(listener);
    waker.start();
  }

  async function startTracking() {
    await start();
    await waitFor('the tracking', () => told.includes('<everything>'));
    told.length = 0;
  }

  beforeEach(() => {
    test = testRedis();
    [events, told] = [[], []];
  });
  afterEach(async () => {
    await waker.stop();
    connections.close();
    await test.close();
  });

  it('tells of a job that another client pushes, once for each time that the queue was armed', async () => {
    await startTracking();
    const queue = test.keyspace.queue('mail');
    expect(await waker.arm([{ name: 'mail', by: 'empty' }])).toEqual([]);
    await test.redis.lpush(queue, '{}');
    await waitFor('the first push', () => told.includes('mail'));
    await test.redis.lpush(queue, '{}');
    await test.redis.del(queue);
    await waker.arm([{ name: 'mail', by: 'empty' }]);
    await test.redis.lpush(queue, '{}');
    await waitFor('the second push', () => told.length === 2);
    expect(told).toEqual(['mail', 'mail']);
  });

  it('tells of a job type that is resumed', async () => {
    await test.redis.set(test.keyspace.paused('mail'), '1');
    await startTracking();
    await waker.arm([{ name: 'mail', by: 'paused' }]);
    await test.redis.del(test.keyspace.paused('mail'));
    await waitFor('the resume', () => told.includes('mail'));
  });

  it.each([
    ['its lock is released', (keyspace: TestRedis['keyspace']) => ['decr', keyspace.lock('mail')]],
    ['its limit is raised', (keyspace: TestRedis['keyspace']) => ['incr', keyspace.maxConcurrency('mail')]],
  ])('tells of a job type at its limit when %s', async (_, change) => {
    await test.redis.set(test.keyspace.lock('mail'), '1');
    await test.redis.set(test.keyspace.maxConcurrency('mail'), '1');
    await startTracking();
    expect(await waker.arm([{ name: 'mail', by: 'at-limit' }])).toEqual([]);
    const [command, key] = change(test.keyspace);
    await test.redis.call(command!, key!);
    await waitFor('the change', () => told.includes('mail'));
  });

  it('answers at once which queues are blocked no longer', async () => {
    await test.redis.lpush(test.keyspace.queue('full'), '{}');
    await test.redis.set(test.keyspace.maxConcurrency('free'), '2');
    await test.redis.set(test.keyspace.lock('odd'), 'abc');
    await startTracking();
    const free = await waker.arm([
      { name: 'full', by: 'empty' },
      { name: 'none', by: 'empty' },
      { name: 'resumed', by: 'paused' },
      { name: 'free', by: 'at-limit' },
    ]);
    expect(free).toEqual(['full', 'resumed', 'free']);
  });

  it('tells of the sorted sets again and again', async () => {
    await startTracking();
    await test.redis.zadd(test.keyspace.scheduled, 1, 'a');
    await waitFor('the first', () => told.includes('<scheduled>'));
    await waitFor('one of those that follow', async () => {
      await test.redis.zadd(test.keyspace.scheduled, Date.now(), 'b');
      return told.filter((name) => name === '<scheduled>').length > 1;
    });
  });

  it('has the sorted sets asked anew when they are watched again, for what came meanwhile', async () => {
    await startTracking();
    await test.redis.zadd(test.keyspace.scheduled, 1, 'a');
    await waitFor('the change', () => told.includes('<scheduled>'));
    await test.redis.zadd(test.keyspace.scheduled, 1, 'b');
    await waitFor('the one meanwhile', () => told.filter((name) => name === '<scheduled>').length > 1);
  });

  it('tells of them also after a stop that came before they were watched anew', async () => {
    await startTracking();
    await test.redis.zadd(test.keyspace.scheduled, 1, 'a');
    await waitFor('the change', () => told.includes('<scheduled>'));
    await waker.stop();
    told.length = 0;
    waker.start();
    await waitFor('the tracking', () => told.includes('<everything>'));
    await waitFor('two changes', async () => {
      await test.redis.zadd(test.keyspace.scheduled, Date.now(), 'b');
      return told.filter((name) => name === '<scheduled>').length > 1;
    });
  });

  it('has everything asked anew when a connection was lost, and goes on telling', async () => {
    const { hostname, port } = new URL(test.url);
    await start({ host: hostname, port: Number(port), connectionName: test.namespace });
    await waitFor('the tracking', () => told.includes('<everything>'));
    const whenTold: boolean[] = [];
    waker.listen({ onEverything: () => whenTold.push(waker.isTracking) });
    const clients = String(await test.redis.client('LIST')).split('\n');
    const ids = clients.filter((line) => line.includes(test.namespace)).map((line) => /id=(\d+)/.exec(line)![1]!);
    expect(ids).toHaveLength(2);
    for (const id of ids) await test.redis.client('KILL', 'ID', id);
    await waitFor('the tracking to come back', () => waker.isTracking && whenTold.includes(true));
    expect(whenTold[0]).toBe(false);
    await waker.arm([{ name: 'mail', by: 'empty' }]);
    await test.redis.lpush(test.keyspace.queue('mail'), '{}');
    await waitFor('the push', () => told.includes('mail'));
  });

  it('says once that a listener hears nothing, and does not claim to track', async () => {
    // As RESP3 a connection is accepted as the target, and receives nothing on the channel.
    const resp3 = (role: ConnectionRole) => new Redis(test.url, role === 'listen' ? { protocol: 3 } : {});
    await start(resp3);
    await waitFor('the warning', () => events.length > 0);
    expect(events).toEqual([expect.objectContaining({ type: 'warning', code: 'WORK_NO_TRACKING' })]);
    expect(waker.isTracking).toBe(false);
    expect(await waker.arm([{ name: 'mail', by: 'empty' }])).toEqual([]);
  });

  it.each([
    ['asked for tracking', 'call'],
    ['asked to tell', 'exists'],
  ] as const)('is set up again where the listener is lost when Redis is %s', async (_, command) => {
    let [listener, tries]: [Redis | undefined, number] = [undefined, 0];
    await start((role) => {
      const redis = new Redis(test.url, { protocol: 2, autoResubscribe: false });
      if (role === 'listen') {
        listener = redis;
        return redis;
      }
      const send = redis[command].bind(redis) as (...words: string[]) => Promise<unknown>;
      const losing = async (...words: string[]) => {
        tries += 1;
        if (tries === 1) await killed(listener!);
        return await send(...words);
      };
      return Object.assign(redis, { [command]: losing });
    });
    await waitFor('the tracking', () => waker.isTracking);
    expect(tries).toBeGreaterThan(1);
    expect(events).toEqual([]);
    await waker.arm([{ name: 'mail', by: 'empty' }]);
    await test.redis.lpush(test.keyspace.queue('mail'), '{}');
    await waitFor('the push', () => told.includes('mail'));
  });

  async function killed(redis: Redis): Promise<void> {
    const line = String(await test.redis.client('LIST'))
      .split('\n')
      .find((client) => client.includes(`:${redis.stream.localPort} `));
    await test.redis.client('KILL', 'ID', /id=(\d+)/.exec(line!)![1]!);
  }

  it('reads what waits in the socket, as after the process was busy, before it says that nothing comes', async () => {
    let listener: Redis | undefined;
    const deafUntilAsked = (role: ConnectionRole) => {
      const redis = new Redis(test.url, { protocol: 2, autoResubscribe: false });
      const [exists, ping] = [redis.exists.bind(redis), redis.ping.bind(redis)];
      if (role === 'arm')
        return Object.assign(redis, { exists: (key: string) => (listener?.stream.pause(), exists(key)) });
      listener = Object.assign(redis, { ping: () => (redis.stream.resume(), ping()) });
      return listener;
    };
    await start(deafUntilAsked, { silenceMs: 0 });
    await waitFor('the tracking or a warning', () => waker.isTracking || events.length > 0);
    expect(events).toEqual([]);
  });

  describe('where Redis forbids it', () => {
    let user: string;
    let nowMs: number;
    beforeEach(async () => {
      [user, nowMs] = [`nobody-${test.namespace}`, 0];
      const rights = ['on', '>x', '~*', '&*', '+@all', '-client', '+client|id', '+client|setname'];
      await test.redis.call('ACL', 'SETUSER', user, ...rights);
      await start(test.url.replace('//', `//${user}:x@`), { nowMs: () => nowMs });
      await waitFor('the warning', () => events.length > 0);
    });
    afterEach(() => test.redis.call('ACL', 'DELUSER', user));

    it('says so, once', async () => {
      const message = expect.stringContaining('NOPERM') as string;
      nowMs = 60_000;
      expect(await waker.runOnce()).toEqual({ isTracking: false });
      expect(events).toEqual([{ type: 'warning', code: 'WORK_NO_TRACKING', message }]);
    });

    it('tries again a minute later', async () => {
      await test.redis.call('ACL', 'SETUSER', user, '+client');
      nowMs = 59_999;
      expect(await waker.runOnce()).toEqual({ isTracking: false });
      nowMs = 60_000;
      expect(await waker.runOnce()).toEqual({ isTracking: true });
      await waker.arm([{ name: 'mail', by: 'empty' }]);
      await test.redis.lpush(test.keyspace.queue('mail'), '{}');
      await waitFor('the push', () => told.includes('mail'));
    });
  });
});

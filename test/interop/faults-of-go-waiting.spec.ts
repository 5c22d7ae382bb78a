import { encodeNewJob } from '#protocol';
import { disconnect, waitFor } from '../support/index.js';
import { describeEachGoAlone, type SharedNamespace } from './support/index.js';

const SETS = ['scheduled', 'retry'] as const;
const jobs = [{ name: 'mail' }];
const NAMELESS = '{"id":"nameless","t":1,"args":null}';

describeEachGoAlone('What waits for its time and is no job', ({ shared }) => {
  it('stops what is behind it where Go is alone; ours sets it aside, and moves the rest', async () => {
    const { redis, keyspace, client } = shared();
    for (const set of SETS) {
      await redis.zadd(keyspace[set], 1, `no job in ${set}`);
      await redis.zadd(keyspace[set], 2, encodeNewJob({ name: 'mail', id: set, t: 2, argsJson: 'null' }));
    }
    await whileGoTriesToMove(shared(), async () => {
      await shared().goPool({ jobs });
    });
    for (const set of SETS) expect(await redis.zcard(keyspace[set])).toBe(2);

    await shared().startOurs({ jobs });
    for (const set of SETS) await waitFor('what is behind', async () => (await redis.zcard(keyspace[set])) === 0);
    const { entries } = await client.quarantinedJobs();
    expect(entries.map(({ text }) => text).sort()).toEqual(['no job in retry', 'no job in scheduled']);
  });

  it('is lost where Go moves it and it has no name; ours sets it aside', async () => {
    const { redis, keyspace, client } = shared();
    await redis.zadd(keyspace.scheduled, 1, NAMELESS);
    const go = await shared().goPool({ jobs });
    await waitFor('it to be gone', async () => (await redis.zcard(keyspace.scheduled)) === 0);
    await go.stop();
    expect(await redis.exists(keyspace.dead, keyspace.queue(''), keyspace.queue('mail'))).toBe(0);
    expect((await client.quarantinedJobs()).count).toBe(0);

    await redis.zadd(keyspace.scheduled, 1, NAMELESS);
    await shared().startOurs({ jobs });
    const setAside = async () => (await client.quarantinedJobs()).entries[0];
    expect(await waitFor('it to be set aside', setAside)).toMatchObject({ text: NAMELESS });
  });
});

/** Ends when scripts have looked twice for what is due in each set: the first look is over then. */
async function whileGoTriesToMove({ redis, keyspace }: SharedNamespace, start: () => Promise<void>): Promise<void> {
  const looks = new Map(SETS.map((set) => [keyspace[set], 0]));
  const monitor = await redis.monitor();
  monitor.on('monitor', (_, [command, key = '']: readonly string[]) => {
    const seen = looks.get(key);
    if (command?.toLowerCase() === 'zrangebyscore' && seen !== undefined) looks.set(key, seen + 1);
  });
  try {
    await start();
    await waitFor('Go to look twice', () => [...looks.values()].every((seen) => seen >= 2));
  } finally {
    await disconnect(monitor);
  }
}

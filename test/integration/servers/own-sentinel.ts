import { Redis } from 'ioredis';
import { ownRedis, ownSentinel, waitFor, type OwnRedis } from '../../support/index.js';

const NAME = 'main';

/** A master that writes nothing without its replica, that replica, and a Sentinel. */
export class OwnSentinel {
  private constructor(
    private readonly master: OwnRedis,
    private readonly replica: OwnRedis,
    private readonly sentinel: OwnRedis,
  ) {}

  static async start(): Promise<OwnSentinel> {
    const master = await ownRedis(['--min-replicas-to-write', '1', '--repl-diskless-sync-delay', '0']);
    const replica = await ownRedis(['--replicaof', '127.0.0.1', String(master.port)]);
    await hasInfo(master, 'replication', /state=online/); // Sentinel asks once, and then not for ten seconds
    const sentinel = await ownSentinel([
      `sentinel monitor ${NAME} 127.0.0.1 ${master.port} 1`,
      `sentinel down-after-milliseconds ${NAME} 500`,
      `sentinel failover-timeout ${NAME} 5000`,
    ]);
    await hasInfo(sentinel, 'sentinel', /status=ok,address=[^,]+,slaves=1/);
    return new OwnSentinel(master, replica, sentinel);
  }

  /** For `connection`. */
  get options() {
    return { sentinels: [{ host: '127.0.0.1', port: this.sentinel.port }], name: NAME };
  }

  /** Resolves when the replica has all that the master has acknowledged so far. */
  replicated(): Promise<void> {
    return withRedis(this.master, async (redis) => {
      await redis.set('replicated', '1');
      await waitFor('the replica', async () => (await redis.wait(1, 1_000)) === 1);
    });
  }

  /** Resolves when the master is dead. */
  killMaster(): Promise<void> {
    return this.master.kill();
  }

  /** Has Sentinel make the replica the master while both live, and resolves when the old one is a replica. */
  async switchMasters(): Promise<void> {
    await withRedis(this.sentinel, async (redis) => {
      // Redis 6.2 does not know it, and takes ten seconds.
      await redis.call('SENTINEL', 'DEBUG', 'publish-period', '200', 'info-period', '500').catch(() => undefined);
      const isBegun = () => redis.call('SENTINEL', 'FAILOVER', NAME).then(Boolean, () => false);
      await waitFor('a replica that Sentinel likes', isBegun);
    });
    await hasInfo(this.master, 'replication', /role:slave/);
  }

  async close(): Promise<void> {
    await Promise.all([this.sentinel, this.replica, this.master].map((server) => server.kill()));
  }
}

async function withRedis(server: OwnRedis, use: (redis: Redis) => Promise<unknown>): Promise<void> {
  const redis = new Redis(server.url);
  try {
    await use(redis);
  } finally {
    redis.disconnect();
  }
}

const hasInfo = (server: OwnRedis, section: string, expected: RegExp): Promise<void> =>
  withRedis(server, (redis) =>
    waitFor(`${section}: ${expected.source}`, async () => expected.test(await redis.info(section)), 20_000),
  );

import { Redis } from 'ioredis';
import { ownRedis, waitFor, type OwnRedis } from '../../support/index.js';

const SLOTS = 16_384;
const MASTERS = 3;

/** A Cluster of three masters that one test may do with as it likes. */
export class OwnCluster {
  private constructor(
    private readonly servers: readonly OwnRedis[],
    /** A connection to each master. */
    readonly masters: readonly Redis[],
  ) {}

  static async start(): Promise<OwnCluster> {
    const settings = ['--cluster-enabled', 'yes', '--cluster-node-timeout', '5000'];
    const servers = await Promise.all(Array.from({ length: MASTERS }, () => ownRedis(settings)));
    const cluster = new OwnCluster(
      servers,
      servers.map(({ url }) => new Redis(url)),
    );
    await cluster.#meet();
    return cluster;
  }

  /** For `connection: { nodes }`. */
  get nodes(): { readonly host: string; readonly port: number }[] {
    return this.servers.map(({ port }) => ({ host: '127.0.0.1', port }));
  }

  /** Moves the slot of a key, with all that is in it, from its master to the next one, as a person does who rebalances. */
  async moveSlotOf(key: string): Promise<void> {
    const slot = Number(await this.masters[0]!.cluster('KEYSLOT', key));
    const index = masterOfSlot(slot);
    const [from, to] = [this.masters[index]!, this.masters[(index + 1) % MASTERS]!];
    const [fromId, toId] = [await idOf(from), await idOf(to)];
    await to.cluster('SETSLOT', slot, 'IMPORTING', fromId);
    await from.cluster('SETSLOT', slot, 'MIGRATING', toId);
    for (;;) {
      const keys = await from.cluster('GETKEYSINSLOT', slot, 5);
      if (keys.length === 0) break;
      await from.call('MIGRATE', '127.0.0.1', to.options.port!, '', 0, 5_000, 'KEYS', ...keys);
    }
    for (const redis of [to, from, ...this.masters]) await redis.cluster('SETSLOT', slot, 'NODE', toId);
  }

  async close(): Promise<void> {
    for (const redis of this.masters) redis.disconnect();
    await Promise.all(this.servers.map((server) => server.kill()));
  }

  async #meet(): Promise<void> {
    const [first, ...others] = this.masters;
    for (const server of this.servers.slice(1)) await first!.cluster('MEET', '127.0.0.1', server.port);
    await Promise.all(
      this.masters.map((redis, index) => redis.cluster('ADDSLOTS', ...slotsOf(index)) as Promise<unknown>),
    );
    for (const redis of [first!, ...others]) await waitFor('the Cluster agrees', () => isWhole(redis), 30_000);
  }
}

const masterOfSlot = (slot: number): number => Math.floor((slot * MASTERS) / SLOTS);

const slotsOf = (index: number): number[] =>
  Array.from({ length: SLOTS }, (_, slot) => slot).filter((slot) => masterOfSlot(slot) === index);

const idOf = async (redis: Redis): Promise<string> => String(await redis.cluster('MYID'));

async function isWhole(redis: Redis): Promise<boolean> {
  const info = String(await redis.cluster('INFO'));
  return info.includes('cluster_state:ok') && info.includes(`cluster_known_nodes:${MASTERS}`);
}

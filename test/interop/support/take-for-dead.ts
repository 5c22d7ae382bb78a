import { ManualClock } from '../../support/manual-clock.js';
import { PoolInTest } from '../../support/pool-in-test.js';
import type { SharedNamespace } from './shared-namespace.js';

/** What a pool of ours does of one that does not beat any more, at once: it finds it dead and brings its jobs back. */
export async function takeForDead({ redis, keyspace }: SharedNamespace): Promise<void> {
  const pool = new PoolInTest({ redis, keyspace, clock: new ManualClock(), types: [{ name: 'mail' }] });
  await pool.register();
  await pool.lookUntilReaped();
}

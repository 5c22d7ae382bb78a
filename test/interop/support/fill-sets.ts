import { waitFor } from '../../support/index.js';
import { failWith } from './our-pool.js';
import { LATER_SECONDS } from './seconds.js';
import type { SharedNamespace } from './shared-namespace.js';

/** One job more than two pages of gocraft/work's hold. */
export const FILLED = 41;
const numbers = Array.from({ length: FILLED }, (_, n) => ({ n }));

/**
 * Puts so many jobs into each of the three sets, by means of ours: "later" into scheduled, "retried" into retry, "buried" into
 * dead. Each has its number among its arguments. The pool that does it is stopped.
 */
export async function fillByOurs(shared: SharedNamespace): Promise<void> {
  const { enqueuer } = shared;
  const run = failWith('boom in ours');
  await Promise.all(numbers.map(({ n }) => enqueuer.enqueueIn('later', LATER_SECONDS + n, { n })));
  for (const name of ['retried', 'buried']) await enqueuer.enqueueMany(name, numbers);
  const pool = await shared.startOurs({
    jobs: [
      { name: 'retried', backoff: () => LATER_SECONDS, run },
      { name: 'buried', maxFails: 1, run },
    ],
  });
  await areFull(shared);
  await pool.stop();
}

/** The same by means of Go. */
export async function fillByGo(shared: SharedNamespace): Promise<void> {
  const producer = shared.goProducer();
  await Promise.all(
    numbers.flatMap(({ n }) => [
      producer.enqueueIn('later', LATER_SECONDS + n, { n }),
      producer.enqueue('retried', { n }),
      producer.enqueue('buried', { n }),
    ]),
  );
  const fail = 'boom in Go';
  const pool = await shared.goPool({
    jobs: [
      { name: 'retried', fail, backoffSeconds: LATER_SECONDS },
      { name: 'buried', fail, maxFails: 1 },
    ],
  });
  await areFull(shared);
  await pool.stop();
}

async function areFull({ redis, keyspace }: SharedNamespace): Promise<void> {
  for (const set of ['scheduled', 'retry', 'dead'] as const)
    await waitFor(`${FILLED} jobs in ${set}`, async () => (await redis.zcard(keyspace[set])) === FILLED);
}

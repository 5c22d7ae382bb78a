import { OrphanFinder } from '../../../libs/engine/liveness/keepers/orphan-finder.js';
import { SIGHTING_WAIT_MS } from '../../../libs/engine/liveness/keepers/sightings.js';
import { ManualClock } from '../../support/manual-clock.js';
import type { SharedNamespace } from './shared-namespace.js';

/** What a pool of ours makes of jobs in progress to which nothing leads any more, at once. */
export async function findOrphans({ redis, keyspace, events }: SharedNamespace): Promise<void> {
  const clock = new ManualClock();
  const report = (event: (typeof events)[number]) => void events.push(event);
  const finder = new OrphanFinder({ redis, keyspace, clock, random: () => 0, report });
  await finder.runOnce();
  clock.pass(SIGHTING_WAIT_MS);
  await finder.runOnce();
}

import { Connections, Enqueuer, WorkerPool, type WorkEvent } from '#engine';
import { Keyspace } from '#protocol';
import { waitFor } from '../../support/index.js';
import { OwnSentinel } from './own-sentinel.js';
import { describeMode } from './server-modes.js';

describeMode('Sentinel')('Behind Sentinel', () => {
  const keyspace = new Keyspace('sentinel');
  let sentinel: OwnSentinel;
  let connections: Connections;
  let enqueuer: Enqueuer;
  let pool: WorkerPool;
  let events: WorkEvent[];
  let ran: Set<number>;
  let acknowledged: Set<number>;
  let next: number;
  let isOver: boolean;

  beforeEach(async () => {
    sentinel = await OwnSentinel.start();
    connections = new Connections(sentinel.options);
    enqueuer = new Enqueuer({ redis: connections.open('enqueue'), keyspace });
    [events, ran, acknowledged, next, isOver] = [[], new Set(), new Set(), 0, false];
    const report = (event: WorkEvent) => void events.push(event);
    pool = new WorkerPool({ namespace: keyspace.namespace, connection: sentinel.options, report });
    pool.job('mail', {}, async ({ args }) => {
      await new Promise(setImmediate);
      ran.add(args?.['n'] as number);
    });
  }, 60_000);
  afterEach(async () => {
    isOver = true;
    await pool.stop({ gracePeriodMs: 0 });
    await enqueuer.close();
    connections.close();
    await sentinel.close();
  });

  /** One call after the other, whatever becomes of each. */
  async function keepEnqueueing(): Promise<void> {
    while (!isOver) {
      const n = next++;
      const isAcknowledged = enqueuer.enqueue('mail', { n }).then(
        () => true,
        () => false,
      );
      if (await isAcknowledged) acknowledged.add(n);
    }
  }

  /** Those that were called from `first` on. */
  const acknowledgedFrom = (first: number) => [...acknowledged].filter((n) => n >= first);

  it.each([
    ['dies', () => sentinel.killMaster()],
    ['is made a replica', () => sentinel.switchMasters()],
  ])(
    'each job runs that the replica had, or the new master acknowledged, when the master %s',
    async (_, fail) => {
      await pool.start();
      const enqueueing = keepEnqueueing();
      await waitFor('some jobs', () => ran.size > 50);
      const before = [...acknowledged];
      await sentinel.replicated();
      await fail();
      const first = next;
      await waitFor('jobs of the new master', () => acknowledgedFrom(first).length > 50, 20_000);
      isOver = true;
      await enqueueing;
      const safe = [...before, ...acknowledgedFrom(first)];
      await waitFor('every one of them', () => safe.every((n) => ran.has(n)), 20_000);
      await waitFor('all connections', () => events.some(({ type }) => type === 'redis_back'), 20_000);
    },
    60_000,
  );
});

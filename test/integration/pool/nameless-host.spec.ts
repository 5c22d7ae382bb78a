import { Enqueuer, WorkerPool } from '#engine';
import { describeRedis, testRedis, waitFor, type TestRedis } from '../../support/index.js';

jest.mock('node:os', () => ({
  ...jest.requireActual<typeof import('node:os')>('node:os'),
  hostname: () => {
    throw new Error('the system does not say');
  },
}));

describeRedis('WorkerPool, on a host whose system does not say its name', () => {
  let test: TestRedis;
  beforeEach(() => void (test = testRedis()));
  afterEach(() => test.close());

  it('starts and runs jobs', async () => {
    const ran: string[] = [];
    const pool = new WorkerPool({ namespace: test.namespace, connection: test.url, heartbeatThread: false });
    pool.job('mail', {}, ({ name }) => void ran.push(name));
    const enqueuer = new Enqueuer({ redis: test.redis, keyspace: test.keyspace });
    try {
      await pool.start();
      await enqueuer.enqueue('mail', null);
      await waitFor('the job', () => ran.length === 1);
    } finally {
      await pool.stop();
      await enqueuer.close();
    }
  });
});

import { describeRedis, testRedis, type TestRedis } from '../../test/support/index.js';
import { LogLines } from '../../test/e2e/support/work-app.js';
import { SampleService } from './support/sample-service.js';

describeRedis('The sample application', () => {
  let test: TestRedis;
  let service: SampleService;
  let logs: LogLines;
  beforeEach(async () => {
    test = testRedis();
    logs = new LogLines();
    service = await SampleService.start(test, { logger: logs });
  });
  afterEach(async () => {
    await service.stop();
    await test.close();
  });

  it('shows its queues, and how many jobs are scheduled, retrying and dead', async () => {
    await service.client.pause('send_welcome');
    await service.enqueuer.enqueue('send_welcome', { to: 'ada@example.com', name: 'Ada' });
    await service.enqueuer.enqueueIn('send_welcome', '1h', { to: 'bob@example.com', name: 'Bob' });
    const { body } = await service.http.get('/jobs').expect(200);
    expect(body).toMatchObject({ scheduled: 1, retry: 0, dead: 0 });
    const { queues } = body as { queues: { jobName: string; count: number; isPaused: boolean }[] };
    expect(queues.find(({ jobName }) => jobName === 'send_welcome')).toMatchObject({ count: 1, isPaused: true });
    const names = ['deliver_webhook', 'import_contacts', 'nightly_report', 'reindex', 'send_welcome'];
    expect(queues.map(({ jobName }) => jobName)).toEqual(names);
  });

  it('says how long each job took', async () => {
    const { id } = await service.enqueuer.enqueue('reindex', { index: 'users' });
    await service.fates(id);
    expect(logs.matching(/\[JobTimer\] reindex [0-9a-f]{24} took \d+ ms/)).toHaveLength(1);
  });

  it('starts and stops without a warning', async () => {
    await service.app.close();
    // Only what is built has a file for the thread.
    const isOfBuilds = (line: string) => line.includes('heartbeat runs on the application');
    expect(logs.matching(/^(warn|error|fatal)/).filter((line) => !isOfBuilds(line))).toEqual([]);
  });
});
